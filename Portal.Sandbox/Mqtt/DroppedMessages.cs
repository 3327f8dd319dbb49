using Microsoft.Extensions.Logging;

namespace Portal.Sandbox.Mqtt;

/// <summary>Counts what did not fit into a client's queue, and says so once at the begin and once at the end of an episode.</summary>
internal sealed partial class DroppedMessages(int limit, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _episodes = new(StringComparer.Ordinal);
    private long _total;

    public long Total => Interlocked.Read(ref _total);

    public void Add(string clientId, int count = 1)
    {
        if (count == 0)
        {
            return;
        }

        Interlocked.Add(ref _total, count);
        bool isNew;
        lock (_gate)
        {
            isNew = !_episodes.TryGetValue(clientId, out var before);
            _episodes[clientId] = before + count;
        }

        if (isNew)
        {
            Log.DropsBegan(logger, clientId, limit);
        }
    }

    /// <summary>The client is back, or its session ended: its episode, if there was one, is over.</summary>
    public void EndEpisode(string clientId)
    {
        long count;
        lock (_gate)
        {
            if (!_episodes.Remove(clientId, out count))
            {
                return;
            }
        }

        Log.DropsEnded(logger, clientId, count);
    }

    private static partial class Log
    {
        [LoggerMessage(SandboxEvents.DropsBegan, LogLevel.Warning,
            "The embedded MQTT broker keeps {Limit} messages (Sandbox:MaxPendingMessages) for client {ClientId} and drops further ones")]
        public static partial void DropsBegan(ILogger logger, string clientId, int limit);

        [LoggerMessage(SandboxEvents.DropsEnded, LogLevel.Warning,
            "The embedded MQTT broker dropped {Count} messages for client {ClientId}")]
        public static partial void DropsEnded(ILogger logger, string clientId, long count);
    }
}
