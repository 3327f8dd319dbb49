using Microsoft.Extensions.Logging;
using Portal.Engine.Ledger;
using Portal.Engine.Mapping;
using Portal.Engine.Sinks;
using Portal.Engine.Sources;
using Portal.Engine.Specs;
using Portal.Engine.Telemetry;

namespace Portal.Engine.Pipelines;

/// <summary>What pipelines share.</summary>
internal sealed record PipelineParts(
    IRecordMapperFactory Mappers, IRecordSinkFactory Sinks, TimeProvider Time, EngineMetrics Metrics, ILoggerFactory Loggers, FactFeed Facts);

/// <summary>
/// One <see cref="PipelineSpec"/> in motion: its clients, its mapper, its sink. A broken invariant ends this pipeline and no other.
/// </summary>
internal sealed partial class Pipeline : ISinkListener, ITaskClientObserver, IAsyncDisposable
{
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RenewPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BlockedFinish = TimeSpan.FromSeconds(3);

    private readonly PipelineParts _parts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PipelineFlow _flow;
    private readonly IRecordSink _sink;
    private readonly TaskClient[] _clients;
    private readonly PipelineGauges _gauges;
    private readonly StatusLog _status;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private ITimer? _pulse;
    private PipelineSpec _spec;
    private Task? _recovering;
    private Task? _stopping;
    private Task<PipelineSnapshot>? _retired;
    private string? _fault;
    private bool _draining;
    private bool _started;
    private IReadOnlyList<string> _owed = [];

    /// <summary>Makes every part, and connects nothing.</summary>
    /// <param name="spec">Valid.</param>
    /// <param name="parts">What pipelines share.</param>
    /// <param name="subscribes">False to only take in what old sessions still hold.</param>
    /// <exception cref="ArgumentException">The mapping or the filter is wrong.</exception>
    public Pipeline(PipelineSpec spec, PipelineParts parts, bool subscribes = true)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(spec.Clients.Count, DeliveryTokens.MaxClients, nameof(spec));
        _spec = spec;
        _parts = parts;
        _time = parts.Time;
        _logger = parts.Loggers.CreateLogger<Pipeline>();
        _flow = new PipelineFlow(parts.Mappers.Create(spec.Mapping, spec.Filter, spec.Sink.Partitioning));
        _clients = [.. spec.Clients.Select((index, ordinal) => new TaskClient(
            new TaskClientSetup(ordinal, index, spec.ClientId(index), spec.Source, spec.Delivery.Qos0Wait, subscribes),
            new MessageRoute(_flow, _time),
            this,
            _time,
            parts.Metrics,
            parts.Loggers.CreateLogger<TaskClient>()))];
        _gauges = new PipelineGauges(_time, parts.Metrics);
        _status = new StatusLog(_time);
        _sink = parts.Sinks.Create(spec, this);
        _flow.Sink = _sink;
    }

    public PipelineSpec Spec => Volatile.Read(ref _spec);

    /// <summary>As they stand now. Allocates nothing.</summary>
    public PipelineBooks Books => ReadBooks(out _, out _);

    public bool HasFailed => Volatile.Read(ref _fault) is not null;

    /// <summary>After the end: what is still kept at the broker although it should not be, in words.</summary>
    public IReadOnlyList<string> Owed => Volatile.Read(ref _owed);

    public void Start()
    {
        _started = true;
        _parts.Metrics.PipelineBegan();
        Evaluate();
        ApplySinkState();
        _pulse = _time.CreateTimer(_ => Guarded(Beat), null, Pulse, Pulse);
        foreach (var client in _clients)
        {
            client.Start();
        }

        Log.Started(_logger, _spec.Id, _clients.Length);
    }

    /// <summary>Takes a spec that differs in mapping, filter or revision only; the next message is mapped by it.</summary>
    /// <exception cref="ArgumentException">The mapping or the filter is wrong; nothing changed.</exception>
    public void Swap(PipelineSpec spec)
    {
        if (!Spec.SameAs(spec))
        {
            _flow.Mapper = _parts.Mappers.Create(spec.Mapping, spec.Filter, spec.Sink.Partitioning);
            _sink.ForgetTopics();
            Log.Swapped(_logger, spec.Id, spec.Revision);
        }

        Volatile.Write(ref _spec, spec);
    }

    /// <summary>Closes the session of one client; it connects again by itself.</summary>
    public bool Disconnect(string clientId) => _clients.FirstOrDefault(client => client.ClientId == clientId)?.Disconnect() ?? false;

    /// <summary>Ends the pipeline; the first call decides how. Every step is bounded.</summary>
    /// <param name="modeOf">How each client ends, by its index in the task.</param>
    /// <param name="finish">How long open deliveries may take; null means the usual.</param>
    /// <param name="cancellationToken">Cuts the drain short; what is open then is abandoned.</param>
    /// <returns>The last photo, whose books are final.</returns>
    public Task<PipelineSnapshot> RetireAsync(Func<int, RetireMode> modeOf, TimeSpan? finish, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _retired ??= RetireOnceAsync(modeOf, finish, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await RetireAsync(_ => RetireMode.Abandon, null, CancellationToken.None);

    public PipelineSnapshot Snapshot()
    {
        var spec = Spec;
        var (verdict, since) = _status.Read();
        var books = ReadBooks(out var dropped, out var bytes);
        return new PipelineSnapshot
        {
            Id = spec.Id,
            RunId = _status.RunId,
            StartedAt = _status.StartedAt,
            TakenAt = _time.GetUtcNow(),
            Revision = spec.Revision,
            Status = verdict.Status,
            Since = since,
            Cause = verdict.Cause,
            NeedsYou = verdict.NeedsYou,
            Attempt = verdict.Attempt,
            NextAttemptAt = verdict.NextAttemptAt,
            Warnings = [.. _owed, .. PipelineWarnings.Of(spec, _clients.Select(client => client.Standing()))],
            Clients = [.. _clients.Select(client => client.Snapshot())],
            Books = books,
            Discards = PipelineWarnings.Discards(books, dropped),
            Window = spec.Source.Window * _clients.Length,
            InPerSecond = _gauges.InPerSecond,
            OutPerSecond = _gauges.OutPerSecond,
            BytesIn = bytes,
            OldestOpen = _clients.Min(client => client.OldestReceivedAt) is { } oldest ? _time.GetElapsedTime(oldest) : null,
            Latency = _gauges.Latency,
        };
    }

    void ISinkListener.OnReceipts(ReadOnlySpan<SinkReceipt> receipts)
    {
        try
        {
            Settle(receipts);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    void ISinkListener.OnStateChanged(SinkState state)
    {
        if (_started)
        {
            Guarded(ApplySinkState);
        }
    }

    void ISinkListener.OnRefusal(string reason, DeliveryOutcome outcome)
    {
        var what = outcome switch
        {
            DeliveryOutcome.DeadLettered => "A message goes to the dead-letter topic",
            DeliveryOutcome.Delivered => "A message is kept raw in the target topic",
            _ => "A message is discarded",
        };
        Log.Refused(_logger, Spec.Id, reason);
        Tell(PipelineFactKind.Failure, FactSeverity.Warning, $"{what}: {reason}");
    }

    void ITaskClientObserver.OnClientChanged() => Guarded(Evaluate);

    void ITaskClientObserver.OnClientFact(FactSeverity severity, string text) => Tell(PipelineFactKind.Session, severity, text);

    void ITaskClientObserver.OnClientFault(Exception exception) => Fail(exception);

    private void Settle(ReadOnlySpan<SinkReceipt> receipts)
    {
        Span<bool> touched = _clients.Length <= 1024 ? stackalloc bool[_clients.Length] : new bool[_clients.Length];
        touched.Clear();
        var now = _time.GetTimestamp();
        lock (_gauges.Gate)
        {
            _gauges.Turn(now);
            foreach (ref readonly var receipt in receipts)
            {
                var ordinal = DeliveryTokens.Client(receipt.Token);
                if (_clients[ordinal].Settle(receipt.Token, receipt.Outcome, out var receivedAt))
                {
                    touched[ordinal] = true;
                    _gauges.Record(receipt.Outcome, now - receivedAt);
                }
            }
        }

        for (var ordinal = 0; ordinal < touched.Length; ordinal++)
        {
            if (touched[ordinal])
            {
                _clients[ordinal].Release();
            }
        }
    }

    private PipelineBooks ReadBooks(out long dropped, out long bytes)
    {
        dropped = bytes = 0;
        var sum = default(PipelineBooks);
        foreach (var client in _clients)
        {
            var photo = client.Books.Read();
            dropped += photo.Dropped;
            bytes += photo.PayloadBytes;
            sum = sum.Plus(photo.Books);
        }

        return sum;
    }

    private void ApplySinkState()
    {
        var state = _sink.State;
        _flow.IsOpen = state.Condition == SinkCondition.Ready;
        switch (state.Condition)
        {
            case SinkCondition.Ready:
                Array.ForEach(_clients, client => client.Nudge());
                break;
            case SinkCondition.Lost:
                lock (_gate)
                {
                    if (_recovering is null or { IsCompleted: true } && _retired is null)
                    {
                        _recovering = RecoverAsync();
                    }
                }

                break;
            case SinkCondition.Stopped:
                Stop(state.Cause ?? "The task stopped: a message was refused for good.");
                break;
        }

        Evaluate();
    }

    // One way back from everything that a producer cannot survive: the broker sends again, in order, what was open.
    private async Task RecoverAsync()
    {
        await Task.Yield();
        try
        {
            Log.Recovering(_logger, Spec.Id, _sink.State.Cause ?? "");
            Tell(PipelineFactKind.Notice, FactSeverity.Warning, $"A new producer is needed: {_sink.State.Cause} The sessions are closed; the broker keeps what was open.");
            await Task.WhenAll(_clients.Select(client => client.SuspendAsync()));
            await RenewAsync();
            ApplySinkState();
            Array.ForEach(_clients, client => client.Resume());
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private async Task RenewAsync()
    {
        while (true)
        {
            try
            {
                await _sink.RenewAsync(_stop.Token);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Tell(PipelineFactKind.Notice, FactSeverity.Warning, $"The new producer failed: {exception.Message}");
                await Task.Delay(RenewPause, _time, _stop.Token);
            }
        }
    }

    private async Task<PipelineSnapshot> RetireOnceAsync(Func<int, RetireMode> modeOf, TimeSpan? finish, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Volatile.Write(ref _draining, true);
        Evaluate();

        // 1. What Kafka answers within the limit is acknowledged; while it is away, waiting longer would gain nothing.
        var limits = DrainLimits.For(_spec.Delivery);
        limits = limits with { Finish = _sink.State.Condition == SinkCondition.Ready ? finish ?? limits.Finish : BlockedFinish };
        if (_stopping is { } stopping)
        {
            await stopping;
        }

        var owed = await Task.WhenAll(_clients.Select(client => client.RetireAsync(modeOf(client.Index), limits, cancellationToken)));
        _owed = [.. owed.OfType<string>()];

        // 2. Nothing reads or acknowledges any more: now the producer.
        await _stop.CancelAsync();
        if (_recovering is { } recovering)
        {
            await recovering;
        }

        await _sink.DisposeAsync();
        if (_pulse is { } pulse)
        {
            await pulse.DisposeAsync();
        }

        // 3. The books are final.
        Beat();
        if (_started)
        {
            _parts.Metrics.PipelineEnded();
        }

        var last = Snapshot();
        Log.Retired(_logger, last.Id, last.Books);
        foreach (var text in _owed)
        {
            Tell(PipelineFactKind.Notice, FactSeverity.Warning, text);
        }

        Tell(PipelineFactKind.RunEnded, FactSeverity.Info, PipelineWarnings.RunEnded(last.Books), last);
        return last;
    }

    private void Beat()
    {
        var books = ReadBooks(out _, out var bytes);
        _gauges.Sample(books, bytes);
        Array.ForEach(_clients, client => client.Sample());
        Evaluate();
        if (books.Unaccounted != 0)
        {
            throw new InvalidOperationException($"The books do not balance: {books.Unaccounted} of {books.Received} messages are unaccounted for. This is a bug; please report it.");
        }
    }

    private void Evaluate()
    {
        var verdict = PipelineVerdict.Of(
            Volatile.Read(ref _fault), Volatile.Read(ref _draining), _sink.State, [.. _clients.Select(client => client.Standing())]);
        if (_status.Become(verdict) is { } before)
        {
            Log.StatusChanged(_logger, Spec.Id, before, verdict.Status, verdict.Cause ?? "");
            Tell(PipelineFactKind.Status, SeverityOf(verdict), $"{verdict.Status}{(verdict.Cause is null ? "" : $": {verdict.Cause}")}");
        }
    }

    private static FactSeverity SeverityOf(PipelineVerdict verdict) =>
        verdict.NeedsYou ? FactSeverity.Error
        : verdict.Status is PipelineStatus.Degraded or PipelineStatus.Recovering or PipelineStatus.Blocked ? FactSeverity.Warning
        : FactSeverity.Info;

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        if (Stop($"A bug stopped the task: {exception.Message} Restart it, and please report this."))
        {
            Log.Failed(_logger, exception, Spec.Id);
        }
    }

    // Ends the sessions at once; the broker keeps what was open. In the background: the caller may be one of the loops that end.
    private bool Stop(string why)
    {
        lock (_gate)
        {
            if (_fault is not null)
            {
                return false;
            }

            Volatile.Write(ref _fault, why);
            _flow.IsOpen = false;
            _stopping = Task.Run(async () =>
            {
                foreach (var client in _clients)
                {
                    await client.DisposeAsync();
                }
            });
        }

        Evaluate();
        return true;
    }

    private void Tell(PipelineFactKind kind, FactSeverity severity, string text, PipelineSnapshot? final = null) =>
        _parts.Facts.Publish(new PipelineFact(Spec.Id, _time.GetUtcNow(), kind, severity, text, final));

    private static partial class Log
    {
        [LoggerMessage(EngineEvents.PipelineStarted, LogLevel.Information, "{Id} starts with {Clients} clients")]
        public static partial void Started(ILogger logger, string id, int clients);

        [LoggerMessage(EngineEvents.PipelineSwapped, LogLevel.Information, "{Id} maps by revision {Revision} from the next message on")]
        public static partial void Swapped(ILogger logger, string id, long revision);

        [LoggerMessage(EngineEvents.PipelineRetired, LogLevel.Information, "{Id} ended: {Books}")]
        public static partial void Retired(ILogger logger, string id, PipelineBooks books);

        [LoggerMessage(EngineEvents.PipelineFailed, LogLevel.Error, "{Id} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string id);

        [LoggerMessage(EngineEvents.PipelineStatusChanged, LogLevel.Information, "{Id} was {Before} and is {Status}. {Cause}")]
        public static partial void StatusChanged(ILogger logger, string id, PipelineStatus before, PipelineStatus status, string cause);

        [LoggerMessage(EngineEvents.SinkRecovering, LogLevel.Warning, "{Id} needs a new producer: {Cause}")]
        public static partial void Recovering(ILogger logger, string id, string cause);

        [LoggerMessage(EngineEvents.MessageRefused, LogLevel.Warning, "{Id} could not deliver a message: {Reason}")]
        public static partial void Refused(ILogger logger, string id, string reason);
    }
}
