using Microsoft.Extensions.Logging;
using Portal.Engine.Sources;
using Portal.Engine.Specs;

namespace Portal.Engine.Pipelines;

/// <summary>What changes while it runs: mapping, filter and limits at the next message, and the number of clients.</summary>
internal sealed partial class Pipeline
{
    /// <summary>Takes a spec that differs in mapping, filter, limits or revision only; they count from the next message.</summary>
    /// <exception cref="ArgumentException">The mapping or the filter is wrong; nothing changed.</exception>
    public void Swap(PipelineSpec spec)
    {
        var old = Spec;
        if (!old.Mapping.SameAs(spec.Mapping) || old.Filter != spec.Filter)
        {
            _flow.Mapper = _parts.Mappers.Create(spec.Mapping, spec.Filter, spec.Sink.Partitioning);
            _sink.ForgetTopics();
            Log.Swapped(_logger, spec.Id, spec.Revision);
        }

        if (old.Limits != spec.Limits)
        {
            _flow.Throttle = Throttle.For(spec.Limits, _time);

            // Who waits by the old limit looks at the new one.
            Array.ForEach(Crew.Present, client => client.Nudge());
        }

        Volatile.Write(ref _spec, spec with { Clients = old.Clients });
    }

    /// <summary>Whether so many clients more may join this run.</summary>
    public bool HasRoomFor(PipelineSpec spec) =>
        spec.Clients.Except(Spec.Clients).Count() is var joining && (joining == 0 || Crew.Ordinals + joining <= Crew.MostOrdinals);

    /// <summary>
    /// Goes on with other clients. Those that join connect in the background; those that leave unsubscribe, finish what is open, wait until
    /// nothing comes any more, and end their sessions. The others notice nothing.
    /// </summary>
    /// <returns>What those that left still have at the broker, in words.</returns>
    public async Task<IReadOnlyList<string>> ScaleAsync(PipelineSpec spec, CancellationToken cancellationToken)
    {
        TaskClient[] leaving;
        lock (_gate)
        {
            if (_fault is not null || _retired is not null)
            {
                return [];
            }

            var crew = Crew;
            var joining = NewClients(spec, [.. spec.Clients.Except(Spec.Clients)], crew.Ordinals);
            leaving = [.. crew.Staying.Where(client => !spec.Clients.Contains(client.Index))];
            Volatile.Write(ref _crew, crew.Changed(spec.Clients, joining));
            Volatile.Write(ref _spec, spec);
            joining.ForEach(client => client.Start());
            Log.Scaled(_logger, spec.Id, spec.Clients.Count, joining.Count, leaving.Length);
        }

        Evaluate();
        var owed = await Task.WhenAll(leaving.Select(client => client.RetireAsync(RetireMode.EndSessions, LimitsOfDrain(null), cancellationToken)));
        lock (_gate)
        {
            Volatile.Write(ref _crew, Crew.Without(leaving));
        }

        Evaluate();
        return [.. owed.OfType<string>()];
    }

    private List<TaskClient> NewClients(PipelineSpec spec, IReadOnlyList<int> indexes, int firstOrdinal) =>
    [
        .. indexes.Select((index, place) => new TaskClient(
            new TaskClientSetup(firstOrdinal + place, index, spec.ClientId(index), spec.Source, spec.Delivery, _subscribes),
            new MessageRoute(_flow, _time),
            this,
            _time,
            _parts.Metrics,
            _parts.Loggers.CreateLogger<TaskClient>())),
    ];
}
