using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace Portal.EndToEnd.Quality;

/// <summary>
/// What another process keeps on its managed heap: the events that are listened to make its runtime collect everything and name each object
/// that is left. Free room between objects does not count, nor does anything that could have been collected.
/// </summary>
public sealed record ManagedHeap(long Bytes, IReadOnlyDictionary<string, long> ByType)
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const int FullCollection = 2;

    // A million objects in one burst, or events would be dropped and objects with them.
    private const int BufferMegabytes = 1024;

    /// <summary>Twice, since what waits for its finalizer outlives the first collection.</summary>
    public static async Task<ManagedHeap> CountAsync(int processId)
    {
        await Task.Run(() => Count(processId));
        return await Task.Run(() => Count(processId));
    }

    /// <summary>The types that grew most since <paramref name="before"/>, each with its bytes for one of <paramref name="parts"/>.</summary>
    public IEnumerable<string> GrownSince(ManagedHeap before, int parts) => ByType
        .Select(type => (type.Key, Bytes: (type.Value - before.ByType.GetValueOrDefault(type.Key)) / parts))
        .OrderByDescending(type => type.Bytes)
        .Take(40)
        .Select(type => $"{type.Bytes,10} {type.Key}");

    private static ManagedHeap Count(int processId)
    {
        using var session = new DiagnosticsClient(processId).StartEventPipeSession(
            [new EventPipeProvider(Runtime, EventLevel.Verbose, (long)ClrTraceEventParser.Keywords.GCHeapSnapshot)], requestRundown: false, BufferMegabytes);
        using var events = new EventPipeEventSource(session.EventStream);
        var bytes = new Dictionary<ulong, long>();
        var names = new Dictionary<ulong, string>();
        int? ours = null;
        Task? stop = null;
        events.Clr.GCStart += start => ours ??= start.Depth == FullCollection ? start.Count : null;
        events.Clr.GCBulkNode += nodes =>
        {
            for (var index = 0; index < nodes.Count; index++)
            {
                var node = nodes.Values(index);
                bytes[node.TypeID] = bytes.GetValueOrDefault(node.TypeID) + (long)node.Size;
            }
        };
        events.Clr.TypeBulkType += types =>
        {
            for (var index = 0; index < types.Count; index++)
            {
                names[types.Values(index).TypeID] = types.Values(index).TypeName;
            }
        };
        // By another thread: this one has to go on reading until the stream ends.
        events.Clr.GCStop += end => stop ??= end.Count == ours ? Task.Run(session.Stop) : null;
        events.Process();
        Assert.NotNull(stop);
        Assert.NotEmpty(bytes);
        return new ManagedHeap(
            bytes.Values.Sum(),
            bytes.GroupBy(type => names.GetValueOrDefault(type.Key, "?")).ToDictionary(types => types.Key, types => types.Sum(type => type.Value)));
    }
}
