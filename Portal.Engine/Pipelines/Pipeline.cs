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

    private readonly PipelineParts _parts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PipelineFlow _flow;
    private readonly IRecordSink _sink;
    private readonly AutomaticRestarts? _restarts;
    private readonly bool _subscribes;
    private readonly PipelineGauges _gauges;
    private readonly StatusLog _status;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Lock _verdicts = new();
    private ITimer? _pulse;
    private PipelineSpec _spec;
    private Crew _crew;
    private bool _draining;
    private bool _started;
    private IReadOnlyList<string> _owed = [];

    /// <summary>Makes every part, and connects nothing.</summary>
    /// <param name="spec">Valid.</param>
    /// <param name="parts">What pipelines share.</param>
    /// <param name="restarts">The automatic restarts of its id; null where nobody starts it again.</param>
    /// <param name="subscribes">False to only take in what old sessions still hold.</param>
    /// <exception cref="ArgumentException">The mapping or the filter is wrong.</exception>
    public Pipeline(PipelineSpec spec, PipelineParts parts, AutomaticRestarts? restarts = null, bool subscribes = true)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(spec.Clients.Count, DeliveryTokens.MaxClients, nameof(spec));
        _spec = spec;
        _parts = parts;
        _time = parts.Time;
        _logger = parts.Loggers.CreateLogger<Pipeline>();
        _restarts = restarts;
        _subscribes = subscribes;
        _flow = new PipelineFlow(parts.Mappers.Create(spec.Mapping, spec.Filter, spec.Sink.Partitioning)) { Throttle = Throttle.For(spec.Limits, _time) };
        _crew = Crew.Empty.Changed(spec.Clients, NewClients(spec, spec.Clients, 0));
        _gauges = new PipelineGauges(_time, parts.Metrics);
        _status = new StatusLog(_time);
        _sink = parts.Sinks.Create(spec, this);
        _flow.Sink = _sink;
    }

    public PipelineSpec Spec => Volatile.Read(ref _spec);

    private Crew Crew => Volatile.Read(ref _crew);

    /// <summary>As they stand now. Allocates nothing.</summary>
    public PipelineBooks Books => ReadBooks().Books;

    /// <summary>After the end: what is still kept at the broker although it should not be, in words.</summary>
    public IReadOnlyList<string> Owed => Volatile.Read(ref _owed);

    public void Start()
    {
        _started = true;
        _parts.Metrics.PipelineBegan();
        Evaluate();
        ApplySinkState();
        _pulse = _time.CreateTimer(_ => Guarded(Beat), null, Pulse, Pulse);
        var clients = Crew.Staying;
        foreach (var client in clients)
        {
            client.Start();
        }

        Log.Started(_logger, _spec.Id, clients.Length);
    }

    /// <summary>Closes the session of one client; it connects again by itself.</summary>
    public bool Disconnect(string clientId) => Crew.Present.FirstOrDefault(client => client.ClientId == clientId)?.Disconnect() ?? false;

    /// <summary>Ends the session of one client at the broker; it connects again by itself, with a new one.</summary>
    public Task<string?> EndSessionAsync(string clientId, CancellationToken cancellationToken) =>
        Crew.Present.FirstOrDefault(client => client.ClientId == clientId)?.RenewSessionAsync(LimitsOfDrain(null), cancellationToken)
        ?? Task.FromResult<string?>("There is no such client now.");

    public PipelineSnapshot Snapshot()
    {
        var spec = Spec;
        var (verdict, since) = _status.Read();
        var crew = Crew;
        var books = ReadBooks();
        TimeSpan? oldest = crew.Present.Min(client => client.OldestReceivedAt) is { } receivedAt ? _time.GetElapsedTime(receivedAt) : null;
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
            AttemptsAllowed = verdict.AttemptsAllowed,
            NextAttemptAt = verdict.NextAttemptAt,
            Warnings = [.. _owed, .. PipelineWarnings.Of(spec, _flow.Throttle, _sink.State, oldest, crew.Staying.Select(client => client.Standing()))],
            Clients = [.. crew.Present.Select(client => client.Snapshot())],
            Books = books.Books,
            Discards = PipelineWarnings.Discards(books.Books, books.Dropped, _discards),
            Window = spec.Source.Window * crew.Staying.Length,
            IsThrottled = _flow.Throttle is { IsSlowing: true },
            InPerSecond = _gauges.InPerSecond,
            OutPerSecond = _gauges.OutPerSecond,
            BytesIn = books.PayloadBytes,
            OldestOpen = oldest,
            Latency = _gauges.Latency,
            PublishLatency = _gauges.PublishLatency,
        };
    }

    private ClientBooksPhoto ReadBooks()
    {
        var crew = Crew;
        var sum = crew.Left;
        foreach (var client in crew.Present)
        {
            sum = sum.Plus(client.Books.Read());
        }

        return sum;
    }

    private void Beat()
    {
        var books = Sample();
        // What the sink told while a recovery was ending was for nobody: look again.
        ApplySinkState();
        if (books.Unaccounted != 0)
        {
            // Not mendable: a new run would only hide it.
            Stop(new PipelineFault(
                $"The books do not balance: {books.Unaccounted} of {books.Received} messages are unaccounted for. This is a bug; please report it, and restart the task.",
                IsMendable: false));
        }
    }

    private PipelineBooks Sample()
    {
        var photo = ReadBooks();
        var books = photo.Books;
        var present = Crew.Present;
        _gauges.Sample(books, photo.PayloadBytes, present.Select(client => client.Latencies));
        // What is with Kafka to the last message waits for Kafka: one partition without a leader holds up its messages while others are
        // confirmed. A new session would only have the broker send them once more. A message lost between the parts is what it cures.
        var isAllWithKafka = books.Open > 0 && _sink.Open >= books.Open;
        var mustMove = _sink.State.Condition == SinkCondition.Ready && !isAllWithKafka && _flow.Throttle is not { IsSlowing: true };
        Array.ForEach(present, client => client.Sample(mustMove));
        return books;
    }

    private void Evaluate()
    {
        // Looked at and told as one: of two threads the one that looked last must tell last, or an older verdict would replace a newer one.
        lock (_verdicts)
        {
            var verdict = PipelineVerdict.Of(
                Volatile.Read(ref _fault), Volatile.Read(ref _draining), _sink.State, [.. Crew.Staying.Select(client => client.Standing())]);
            if (_status.Become(verdict) is { } before)
            {
                Log.StatusChanged(_logger, Spec.Id, before, verdict.Status, verdict.Cause ?? "Nothing is wrong.");
                TellOfTask(PipelineFactKind.Status, SeverityOf(verdict), $"{verdict.Status}{(verdict.Cause is null ? "" : $": {verdict.Cause}")}");
            }
        }
    }

    private static FactSeverity SeverityOf(PipelineVerdict verdict) =>
        verdict.NeedsYou ? FactSeverity.Error
        : verdict.Status is PipelineStatus.Degraded or PipelineStatus.Recovering or PipelineStatus.Blocked ? FactSeverity.Warning
        : FactSeverity.Info;

    // A pipeline that only takes in what old sessions hold is none of which people should follow every step.
    private void TellOfTask(PipelineFactKind kind, FactSeverity severity, string text)
    {
        if (_subscribes)
        {
            Tell(kind, severity, text);
        }
    }

    private void Tell(PipelineFactKind kind, FactSeverity severity, string text, PipelineSnapshot? final = null) =>
        _parts.Facts.Publish(new PipelineFact(Spec.Id, _time.GetUtcNow(), kind, severity, text, final));

    private static partial class Log
    {
        [LoggerMessage(EngineEvents.PipelineStarted, LogLevel.Information, "{Id} starts with {Clients} clients")]
        public static partial void Started(ILogger logger, string id, int clients);

        [LoggerMessage(EngineEvents.PipelineSwapped, LogLevel.Information, "{Id} maps by revision {Revision} from the next message on")]
        public static partial void Swapped(ILogger logger, string id, long revision);

        [LoggerMessage(EngineEvents.PipelineScaled, LogLevel.Information, "{Id} goes on with {Clients} clients: {Joining} join, {Leaving} leave")]
        public static partial void Scaled(ILogger logger, string id, int clients, int joining, int leaving);

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
