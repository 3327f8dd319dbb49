using System.Collections.Concurrent;
using System.Threading.Channels;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;

namespace Portal.Tests.Fakes;

/// <summary>An engine whose pipelines do what the test says. Calls are written down in order.</summary>
internal sealed class FakePipelineSupervisor(TimeProvider? time = null) : IPipelineSupervisor
{
    private readonly ConcurrentDictionary<string, PipelineSnapshot> _photos = new();
    private readonly Channel<PipelineFact> _facts = Channel.CreateUnbounded<PipelineFact>();
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Every call as <c>verb id</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Every spec that was applied or started again.</summary>
    public ConcurrentQueue<PipelineSpec> Applied { get; } = new();

    public ConcurrentDictionary<string, PipelineSpec> InMotion { get; } = new();

    /// <summary>The status that a pipeline has after its start.</summary>
    public PipelineStatus StatusAfterStart { get; set; } = PipelineStatus.Running;

    /// <summary>Why a pipeline with that spec does not come up, or null when it does; asked at its start.</summary>
    public Func<PipelineSpec, string?> HoldsUp { get; set; } = _ => null;

    public IReadOnlyList<SpecError> RefuseWith { get; set; } = [];

    /// <summary>Why sessions cannot be ended, or null when they can.</summary>
    public string? EndSessionsFailure { get; set; }

    /// <summary>What a pipeline that is replaced leaves at the broker.</summary>
    public IReadOnlyList<string> Owed { get; set; } = [];

    /// <summary>Retiring, replacing and ending sessions wait for it.</summary>
    public Task Drained { get; set; } = Task.CompletedTask;

    public async Task<ApplyResult> ApplyAsync(PipelineSpec spec, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"apply {spec.Id}");
        Applied.Enqueue(spec);
        if (RefuseWith.Count > 0)
        {
            return new ApplyResult(ApplyOutcome.Refused, RefuseWith);
        }

        var outcome = !InMotion.TryGetValue(spec.Id, out var old) ? ApplyOutcome.Started
            : old.SameAs(spec) && !_photos[spec.Id].HasFailed ? ApplyOutcome.Unchanged
            : old.CanBecome(spec) && !_photos[spec.Id].HasFailed ? old.Clients.SequenceEqual(spec.Clients) ? ApplyOutcome.Swapped : ApplyOutcome.Scaled
            : ApplyOutcome.Restarted;
        if (outcome is ApplyOutcome.Restarted or ApplyOutcome.Scaled)
        {
            await Drained.WaitAsync(cancellationToken);
        }

        InMotion[spec.Id] = spec;
        if (outcome is ApplyOutcome.Started or ApplyOutcome.Restarted)
        {
            Start(spec);
        }
        else if (outcome == ApplyOutcome.Scaled)
        {
            Show(spec.Id, photo => photo with { Clients = Photo(spec, _time.GetUtcNow(), photo.Status).Clients });
        }

        return new ApplyResult(outcome, []) { Owed = outcome is ApplyOutcome.Restarted or ApplyOutcome.Scaled ? Owed : [] };
    }

    public async Task<PipelineSnapshot?> RetireAsync(string id, RetireMode mode, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"retire {id} {mode}");
        await Drained.WaitAsync(cancellationToken);
        InMotion.TryRemove(id, out _);
        return End(id);
    }

    /// <summary>Who carries out automatic restarts.</summary>
    public Func<string, CancellationToken, Task<string?>>? Restart { get; private set; }

    public void RestartThrough(Func<string, CancellationToken, Task<string?>> restart) => Restart = restart;

    /// <summary>Whose count of automatic restarts was begun anew, in order.</summary>
    public ConcurrentQueue<string> CountedAnew { get; } = new();

    public void CountRestartsAnew(string id) => CountedAnew.Enqueue(id);

    public async Task<ApplyResult> RestartAsync(PipelineSpec spec, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"restart {spec.Id}");
        Applied.Enqueue(spec);
        if (RefuseWith.Count > 0)
        {
            return new ApplyResult(ApplyOutcome.Refused, RefuseWith);
        }

        await Drained.WaitAsync(cancellationToken);
        InMotion[spec.Id] = spec;
        Start(spec);
        return new ApplyResult(ApplyOutcome.Restarted, []);
    }

    public async Task<string?> EndSessionsAsync(PipelineSpec spec, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"end-sessions {spec.Id}");
        await Drained.WaitAsync(cancellationToken);
        return EndSessionsFailure;
    }

    public async Task<string?> EndLeftSessionsAsync(PipelineSpec left, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"end-left {left.Id} {left.Source.Broker.Endpoints[0].Host} {string.Join(',', left.Clients)}");
        await Drained.WaitAsync(cancellationToken);
        return EndSessionsFailure;
    }

    public bool TryNow(string id)
    {
        Calls.Enqueue($"try-now {id}");
        return _photos.TryGetValue(id, out var photo) && photo.NextAttemptAt is not null;
    }

    public bool StopTrying(string id)
    {
        Calls.Enqueue($"stop-trying {id}");
        return _photos.TryGetValue(id, out var photo) && photo.AttemptsAllowed > 0;
    }

    public bool Disconnect(string id, string clientId)
    {
        Calls.Enqueue($"disconnect {clientId}");
        return _photos.TryGetValue(id, out var photo) && photo.Clients.Any(client => client.ClientId == clientId);
    }

    /// <summary>Why the session of a client cannot be ended, or null when it can.</summary>
    public string? EndSessionFailure { get; set; }

    public Task<string?> EndSessionAsync(string id, string clientId, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"end-session {clientId}");
        return Task.FromResult(EndSessionFailure);
    }

    public PipelineSnapshot? Find(string id) => _photos.GetValueOrDefault(id);

    public IReadOnlyList<PipelineSnapshot> Snapshots() => [.. _photos.Values];

    public IAsyncEnumerable<PipelineFact> WatchFactsAsync(CancellationToken cancellationToken) => _facts.Reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        foreach (var id in _photos.Keys)
        {
            InMotion.TryRemove(id, out _);
            End(id);
        }

        _facts.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <summary>Changes what the next photo shows.</summary>
    public void Show(string id, Func<PipelineSnapshot, PipelineSnapshot> change) => _photos[id] = change(_photos[id]);

    public void Tell(PipelineFact fact) => _facts.Writer.TryWrite(fact);

    private void Start(PipelineSpec spec)
    {
        End(spec.Id);
        _photos[spec.Id] = HoldsUp(spec) is { } why
            ? Photo(spec, _time.GetUtcNow(), PipelineStatus.Recovering) with { Cause = why, Attempt = 2 }
            : Photo(spec, _time.GetUtcNow(), StatusAfterStart);
    }

    private PipelineSnapshot? End(string id)
    {
        if (_photos.TryRemove(id, out var last))
        {
            Tell(new PipelineFact(id, _time.GetUtcNow(), PipelineFactKind.RunEnded, FactSeverity.Info, "The run ended.", last));
        }

        return last;
    }

    private static PipelineSnapshot Photo(PipelineSpec spec, DateTimeOffset now, PipelineStatus status) => new()
    {
        Id = spec.Id,
        RunId = Guid.NewGuid(),
        StartedAt = now,
        TakenAt = now,
        Since = now,
        Revision = spec.Revision,
        Status = status,
        Books = default,
        Window = spec.Source.Window * spec.Clients.Count,
        Clients = [.. spec.Clients.Select(index => new TaskClientSnapshot
        {
            ClientId = spec.ClientId(index),
            Index = index,
            Status = TaskClientStatus.Online,
            CreatedAt = now,
            ConnectedAt = now,
            ReceivedByQos = [0, 0, 0],
            Window = spec.Source.Window,
        })],
    };
}
