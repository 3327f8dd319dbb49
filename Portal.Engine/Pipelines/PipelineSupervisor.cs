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

    // No id ends so.
    private const string Aside = " aside";

    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly FactFeed _facts;
    private readonly PipelineParts _parts;
    private readonly CancellationTokenSource _hurry = new();
    private Func<string, CancellationToken, Task<string?>>? _restart;
    private bool _disposed;

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
        if (place.Pipeline is { HasFailed: false } running && running.Spec.CanBecome(spec) && running.HasRoomFor(spec))
        {
            var same = running.Spec.SameAs(spec);
            if (Try(() => running.Swap(spec)) is { } wrong)
            {
                return Refused(wrong);
            }

            return running.Spec.Clients.SequenceEqual(spec.Clients)
                ? Done(same ? ApplyOutcome.Unchanged : ApplyOutcome.Swapped)
                : Done(ApplyOutcome.Scaled) with { Owed = await running.ScaleAsync(spec, turn.Token) };
        }

        return await ReplaceAsync(place, spec, turn.Token);
    }

    /// <inheritdoc/>
    public async Task<PipelineSnapshot?> RetireAsync(string id, RetireMode mode, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(id, cancellationToken);
        var (last, _) = await EndAsync(turn.Place, _ => mode, turn.Token);
        turn.Place.Pipeline = null;
        return last;
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
        return await ReplaceAsync(turn.Place, spec, turn.Token);
    }

    /// <inheritdoc/>
    public void CountRestartsAnew(string id)
    {
        if (_places.TryGetValue(id, out var place))
        {
            place.Restarts.Forget();
        }
    }

    /// <inheritdoc/>
    public void RestartThrough(Func<string, CancellationToken, Task<string?>> restart) => Volatile.Write(ref _restart, restart);

    /// <inheritdoc/>
    public bool TryNow(string id) => _places.TryGetValue(id, out var place) && place.Pipeline is { } pipeline && pipeline.TryNow();

    /// <inheritdoc/>
    public bool StopTrying(string id) => _places.TryGetValue(id, out var place) && place.Pipeline is { } pipeline && pipeline.StopTrying();

    /// <inheritdoc/>
    public async Task<string?> EndSessionsAsync(PipelineSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        using var turn = await EnterAsync(spec.Id, cancellationToken);
        return await EndSessionsAsync(turn, spec);
    }

    /// <inheritdoc/>
    public async Task<string?> EndLeftSessionsAsync(PipelineSpec left, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(left);
        using var turn = await EnterAsync(left.Id + Aside, cancellationToken);
        return await EndSessionsAsync(turn, left);
    }

    /// <inheritdoc/>
    public bool Disconnect(string id, string clientId) =>
        _places.TryGetValue(id, out var place) && place.Pipeline is { } pipeline && pipeline.Disconnect(clientId);

    /// <inheritdoc/>
    public Task<string?> EndSessionAsync(string id, string clientId, CancellationToken cancellationToken) =>
        _places.TryGetValue(id, out var place) && place.Pipeline is { } pipeline
            ? pipeline.EndSessionAsync(clientId, cancellationToken)
            : Task.FromResult<string?>("There is no such client now.");

    /// <inheritdoc/>
    public PipelineSnapshot? Find(string id) => _places.TryGetValue(id, out var place) ? place.Pipeline?.Snapshot() : null;

    /// <inheritdoc/>
    public IReadOnlyList<PipelineSnapshot> Snapshots() =>
        [.. _places.Where(one => !one.Key.EndsWith(Aside, StringComparison.Ordinal)).Select(one => one.Value.Pipeline?.Snapshot()).OfType<PipelineSnapshot>()];

    /// <inheritdoc/>
    public IAsyncEnumerable<PipelineFact> WatchFactsAsync(CancellationToken cancellationToken) => _facts.WatchAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, true);
        await using var limit = _parts.Time.CreateTimer(_ => _hurry.Cancel(), null, FinishAtShutdown, Timeout.InfiniteTimeSpan);
        await Task.WhenAll(_places.Values.Select(EndAsync));
        _facts.Complete();
    }

    private static async Task EndAsync(Place place)
    {
        // What stands there ends at once: the command behind the gate may be waiting for it.
        await EndWhatStandsAsync(place);

        // That command may have put another one in its place; after it the flag lets nobody in.
        await place.Gate.WaitAsync();
        try
        {
            await EndWhatStandsAsync(place);
        }
        finally
        {
            place.Gate.Release();
        }
    }

    private static async Task EndWhatStandsAsync(Place place)
    {
        if (place.Pipeline is { } pipeline)
        {
            await pipeline.RetireAsync(_ => RetireMode.KeepSessions, FinishAtShutdown, CancellationToken.None);
        }
    }

    private async Task<string?> EndSessionsAsync(Turn turn, PipelineSpec spec)
    {
        var owed = turn.Place.Pipeline is null
            ? await DrainAsync(turn.Place, spec, turn.Token)
            : (await EndAsync(turn.Place, _ => RetireMode.EndSessions, turn.Token)).Owed;
        turn.Place.Pipeline = null;
        return owed.Count == 0 ? null : string.Join(" ", owed);
    }

    /// <summary>Takes in what sessions still hold, with clients that subscribe to nothing, and ends them.</summary>
    /// <returns>What is still kept at the broker, in words.</returns>
    private async Task<IReadOnlyList<string>> DrainAsync(Place place, PipelineSpec spec, CancellationToken cancellationToken)
    {
        Pipeline? drain = null;
        if (Try(() => drain = new Pipeline(spec, _parts, subscribes: false)) is { } wrong)
        {
            return [wrong.Text];
        }

        place.Pipeline = drain;
        drain!.Start();
        await drain.RetireAsync(_ => RetireMode.EndSessions, null, cancellationToken);
        return drain.Owed;
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
        if (Try(() => next = new Pipeline(spec, _parts, place.Restarts)) is { } wrong)
        {
            return Refused(wrong);
        }

        var old = place.Pipeline?.Spec;
        var (_, owed) = await EndAsync(place, index => SessionFate.Of(old!, spec, index), cancellationToken);
        if (Volatile.Read(ref _disposed))
        {
            await next!.DisposeAsync();
            place.Pipeline = null;
            throw new ObjectDisposedException(nameof(PipelineSupervisor));
        }

        place.Pipeline = next;
        next!.Start();
        _ = ReviveAsync(place, next);
        return Done(old is null ? ApplyOutcome.Started : ApplyOutcome.Restarted) with { Owed = owed };
    }

    // What ended stands in its place until the caller puts the next one there: between the two a task would be seen to have none.
    private async Task<(PipelineSnapshot? Last, IReadOnlyList<string> Owed)> EndAsync(
        Place place, Func<int, RetireMode> modeOf, CancellationToken cancellationToken)
    {
        if (place.Pipeline is not { } pipeline)
        {
            return (null, []);
        }

        var last = await pipeline.RetireAsync(modeOf, null, cancellationToken);
        if (!pipeline.HasFailed)
        {
            return (last, pipeline.Owed);
        }

        // When it failed its clients left their sessions as they were, and can end nothing any more: others do it in their names.
        List<int> left = [.. pipeline.Spec.Clients.Where(index => modeOf(index) == RetireMode.EndSessions)];
        return (last, left.Count == 0 ? [] : await DrainAsync(place, pipeline.Spec with { Clients = left }, cancellationToken));
    }

    private async Task<Turn> EnterAsync(string id, CancellationToken cancellationToken)
    {
        var place = _places.GetOrAdd(id, _ => new Place());
        await place.Gate.WaitAsync(cancellationToken);
        if (Volatile.Read(ref _disposed))
        {
            place.Gate.Release();
            throw new ObjectDisposedException(nameof(PipelineSupervisor));
        }

        return new Turn(place, CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _hurry.Token));
    }

    /// <summary>Waits until the pipeline fails, if it ever does, and starts it again where that may help.</summary>
    private async Task ReviveAsync(Place place, Pipeline pipeline)
    {
        if (await pipeline.Faulted is not { Plan: { } plan } || !await pipeline.WaitForRestartAsync(plan))
        {
            return;
        }

        try
        {
            if (Volatile.Read(ref _restart) is { } restart)
            {
                // Not from behind the gate: the order comes back through it.
                // Where another one stands in its place by now, what kept it from being started again is no word about that one.
                if (await restart(pipeline.Spec.Id, _hurry.Token) is { } why && place.Pipeline == pipeline)
                {
                    pipeline.GiveUp($"It could not be started again: {why}");
                }

                return;
            }

            using var turn = await EnterAsync(pipeline.Spec.Id, CancellationToken.None);
            if (place.Pipeline == pipeline)
            {
                await ReplaceAsync(place, pipeline.Spec, turn.Token);
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException || (exception is OperationCanceledException && _hurry.IsCancellationRequested))
        {
            // The process ends; the next one starts it.
        }
        catch (Exception exception)
        {
            pipeline.GiveUp(exception);
        }
    }

    /// <summary>One command's stay behind the gate of an id.</summary>
    private readonly record struct Turn(Place Place, CancellationTokenSource Limit) : IDisposable
    {
        /// <summary>Cancelled by the caller, or when the process must end.</summary>
        public CancellationToken Token => Limit.Token;

        public void Dispose()
        {
            Limit.Dispose();
            Place.Gate.Release();
        }
    }

    /// <summary>Where the pipeline of an id stands. Places stay: an id that comes back must meet the same gate.</summary>
    private sealed class Place
    {
        private Pipeline? _pipeline;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public AutomaticRestarts Restarts { get; } = new();

        public Pipeline? Pipeline
        {
            get => Volatile.Read(ref _pipeline);
            set => Volatile.Write(ref _pipeline, value);
        }
    }
}
