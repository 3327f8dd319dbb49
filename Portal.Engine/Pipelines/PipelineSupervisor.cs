using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portal.Engine.Mapping;
using Portal.Engine.Sinks;
using Portal.Engine.Specs;
using Portal.Engine.Telemetry;

namespace Portal.Engine.Pipelines;

/// <summary>The pipelines of this process.</summary>
/// <remarks>Disposing retires all of them with <see cref="RetireMode.KeepSessions"/>, bounded: what Kafka does not answer in time is abandoned to the broker.</remarks>
public sealed class PipelineSupervisor : IPipelineSupervisor, IAsyncDisposable
{
    private static readonly TimeSpan FinishAtShutdown = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly FactFeed _facts;
    private readonly PipelineParts _parts;

    /// <summary>Starts with no pipeline.</summary>
    public PipelineSupervisor(
        IRecordMapperFactory mappers, IRecordSinkFactory sinks, TimeProvider time, EngineMetrics metrics, ILoggerFactory loggers)
    {
        _facts = new FactFeed(time);
        _parts = new PipelineParts(mappers, sinks, time, metrics, loggers, _facts);
    }

    /// <inheritdoc/>
    public async Task<ApplyResult> ApplyAsync(PipelineSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (PipelineSpecValidator.Validate(spec) is { Count: > 0 } errors)
        {
            return new ApplyResult(ApplyOutcome.Refused, errors);
        }

        using var turn = await EnterAsync(spec.Id, cancellationToken);
        var place = turn.Place;
        if (place.Pipeline is { HasFailed: false } running && running.Spec.SameExceptMapping(spec))
        {
            var same = running.Spec.SameAs(spec);
            return Try(() => running.Swap(spec)) is { } wrong ? Refused(wrong) : Done(same ? ApplyOutcome.Unchanged : ApplyOutcome.Swapped);
        }

        return await ReplaceAsync(place, spec, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<PipelineSnapshot?> RetireAsync(string id, RetireMode mode, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(id, cancellationToken);
        var place = turn.Place;
        return await RetireAsync(place, _ => mode, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ApplyResult> RestartAsync(PipelineSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (PipelineSpecValidator.Validate(spec) is { Count: > 0 } errors)
        {
            return new ApplyResult(ApplyOutcome.Refused, errors);
        }

        using var turn = await EnterAsync(spec.Id, cancellationToken);
        var place = turn.Place;
        return await ReplaceAsync(place, spec, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string?> EndSessionsAsync(PipelineSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        using var turn = await EnterAsync(spec.Id, cancellationToken);
        var place = turn.Place;
        var pipeline = place.Pipeline;
        if (pipeline is null)
        {
            if (Try(() => pipeline = new Pipeline(spec, _parts, subscribes: false)) is { } wrong)
            {
                return wrong.Text;
            }

            place.Pipeline = pipeline;
            pipeline!.Start();
        }

        await RetireAsync(place, _ => RetireMode.EndSessions, cancellationToken);
        return pipeline.Owed.Count == 0 ? null : string.Join(" ", pipeline.Owed);
    }

    /// <inheritdoc/>
    public bool Disconnect(string id, string clientId) =>
        _places.TryGetValue(id, out var place) && place.Pipeline is { } pipeline && pipeline.Disconnect(clientId);

    /// <inheritdoc/>
    public PipelineSnapshot? Find(string id) => _places.TryGetValue(id, out var place) ? place.Pipeline?.Snapshot() : null;

    /// <inheritdoc/>
    public IReadOnlyList<PipelineSnapshot> Snapshots() => [.. _places.Values.Select(place => place.Pipeline?.Snapshot()).OfType<PipelineSnapshot>()];

    /// <inheritdoc/>
    public IAsyncEnumerable<PipelineFact> WatchFactsAsync(CancellationToken cancellationToken) => _facts.WatchAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_places.Values.Select(async place =>
        {
            if (place.Pipeline is { } pipeline)
            {
                await pipeline.RetireAsync(_ => RetireMode.KeepSessions, FinishAtShutdown, CancellationToken.None);
            }
        }));
        _facts.Complete();
    }

    private static ApplyResult Done(ApplyOutcome outcome) => new(outcome, []);

    private static ApplyResult Refused(SpecError error) => new(ApplyOutcome.Refused, [error]);

    private static SpecError? Try(Action make)
    {
        try
        {
            make();
            return null;
        }
        catch (ArgumentException exception)
        {
            return new SpecError(exception.ParamName ?? "", exception.Message);
        }
    }

    // The new pipeline is made before the old one is touched: what cannot be made leaves the old one running.
    private async Task<ApplyResult> ReplaceAsync(Place place, PipelineSpec spec, CancellationToken cancellationToken)
    {
        Pipeline? next = null;
        if (Try(() => next = new Pipeline(spec, _parts)) is { } wrong)
        {
            return Refused(wrong);
        }

        var former = place.Pipeline;
        var old = former?.Spec;
        await RetireAsync(place, index => SessionFate.Of(old!, spec, index), cancellationToken);
        place.Pipeline = next;
        next!.Start();
        return Done(old is null ? ApplyOutcome.Started : ApplyOutcome.Restarted) with { Owed = former?.Owed ?? [] };
    }

    private static async Task<PipelineSnapshot?> RetireAsync(Place place, Func<int, RetireMode> modeOf, CancellationToken cancellationToken)
    {
        if (place.Pipeline is not { } pipeline)
        {
            return null;
        }

        var last = await pipeline.RetireAsync(modeOf, null, cancellationToken);
        place.Pipeline = null;
        return last;
    }

    private async Task<Turn> EnterAsync(string id, CancellationToken cancellationToken)
    {
        var place = _places.GetOrAdd(id, _ => new Place());
        await place.Gate.WaitAsync(cancellationToken);
        return new Turn(place);
    }

    /// <summary>One command's stay behind the gate of an id.</summary>
    private readonly record struct Turn(Place Place) : IDisposable
    {
        public void Dispose() => Place.Gate.Release();
    }

    /// <summary>Where the pipeline of an id stands. Places stay: an id that comes back must meet the same gate.</summary>
    private sealed class Place
    {
        private Pipeline? _pipeline;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public Pipeline? Pipeline
        {
            get => Volatile.Read(ref _pipeline);
            set => Volatile.Write(ref _pipeline, value);
        }
    }
}
