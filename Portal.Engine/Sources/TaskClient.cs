using System.Net;
using Microsoft.Extensions.Logging;
using MQTTnet;
using Portal.Engine.Ledger;
using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;
using Portal.Engine.Sources.Wire;
using Portal.Engine.Specs;
using Portal.Engine.Telemetry;

namespace Portal.Engine.Sources;

/// <summary>
/// One MQTT member of a pipeline's group: one session at a time, opened again by itself after every loss, until it is retired.
/// </summary>
internal sealed partial class TaskClient : IAsyncDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly TaskClientSetup _setup;
    private readonly IMessageRoute _route;
    private readonly ITaskClientObserver _observer;
    private readonly TimeProvider _time;
    private readonly EngineMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ClientRecord _record;
    private readonly PacketIdSet _answered = new();
    private readonly Backoff _backoff = new(Random.Shared);
    private readonly CancellationTokenSource _stop = new();
    private readonly AsyncSignal _resume;
    private readonly AsyncSignal _hurry;
    private readonly ProgressWatch _progress;
    private readonly Lock _retireGate = new();
    private ClientSession? _session;
    private IMqttClient? _mqtt;
    private Task _run = Task.CompletedTask;
    private Task<string?>? _retired;
    private RetireMode? _retires;
    private TaskCompletionSource<string?>? _ending;
    private int _endpoint;
    private uint _sessions;
    private bool _suspended;
    private bool _subscribes;

    public TaskClient(
        TaskClientSetup setup, IMessageRoute route, ITaskClientObserver observer, TimeProvider time, EngineMetrics metrics, ILogger logger)
    {
        _setup = setup;
        _route = route;
        _observer = observer;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _subscribes = setup.Subscribes;
        _resume = new AsyncSignal(time);
        _hurry = new AsyncSignal(time);
        _progress = new ProgressWatch(setup.Delivery, time);
        _record = new ClientRecord(setup, time);
        Latencies = new Latencies(time);
    }

    /// <summary>How long its messages took. Written under the gate of the pipeline's gauges.</summary>
    public Latencies Latencies { get; }

    private bool IsHeldBack => _stop.IsCancellationRequested || Volatile.Read(ref _suspended);

    public string ClientId => _setup.ClientId;

    public int Index => _setup.Index;

    /// <summary>Counts over all sessions.</summary>
    public ClientBooks Books { get; } = new();

    public int Open => Books.Open;

    /// <summary>When the oldest open delivery was received, a timestamp of the clock.</summary>
    public long? OldestReceivedAt => Volatile.Read(ref _session)?.Ledger.OldestReceivedAt();

    public void Start() => _run = RunAsync();

    /// <summary>Any thread: settles a delivery; false when it is not open any more.</summary>
    public bool Settle(DeliveryToken token, DeliveryOutcome outcome, out long receivedAt)
    {
        receivedAt = 0;
        return Volatile.Read(ref _session) is { } session && session.Settle(token, outcome, out receivedAt);
    }

    /// <summary>Any thread: whether this delivery tells how old messages are; before it is settled.</summary>
    public bool IsSample(DeliveryToken token, out TimeSpan age)
    {
        age = default;
        return Volatile.Read(ref _session) is { } session && session.IsSample(token, out age);
    }

    /// <summary>Any thread: sends the acknowledgements that are due.</summary>
    public void Release() => Volatile.Read(ref _session)?.Release();

    /// <summary>Any thread: what holds its reading may be over.</summary>
    public void Nudge() => Volatile.Read(ref _session)?.Nudge();

    /// <summary>Once a second: rates, and whether anything moves.</summary>
    /// <param name="mustMove">Whether nothing downstream excuses a standstill.</param>
    public void Sample(bool mustMove)
    {
        var books = Books.Read().Books;
        _record.Sample(in books);
        if (Volatile.Read(ref _session) is not { } session || !_record.IsOnline || !mustMove)
        {
            _progress.Rest();
            return;
        }

        if (_progress.Look(session.Ledger.Session, in books, session.Adapter is { IsHeld: true }) is { } why)
        {
            Log.StoodStill(_logger, ClientId, why);
            _record.StoodStill(why);
            session.Abort(why, SessionEndKind.Standstill);
        }
    }

    /// <summary>Ends the pause before the next attempt; false when there is none.</summary>
    public bool TryNow()
    {
        var waits = _record.IsWaiting;
        if (waits)
        {
            _hurry.Set();
        }

        return waits;
    }

    public TaskClientSnapshot Snapshot() => _record.Snapshot(Books.Read(), Volatile.Read(ref _session)?.Adapter) with
    {
        OldestOpen = OldestReceivedAt is { } oldest ? _time.GetElapsedTime(oldest) : null,
        Latency = Latencies.Received.Read(),
        PublishLatency = Latencies.Published.Read(),
    };

    /// <summary>What the pipeline's status depends on.</summary>
    public ClientStanding Standing() => _record.Standing();

    /// <summary>Closes the present session; the next attempt follows by itself.</summary>
    public bool Disconnect()
    {
        if (Volatile.Read(ref _session) is not { } session || !_record.IsOnline)
        {
            return false;
        }

        _ = session.CloseAsync(null, CloseLimit);
        return true;
    }

    /// <summary>Closes the session and opens none until <see cref="Resume"/>; done when the ledger is abandoned.</summary>
    public async Task SuspendAsync()
    {
        Volatile.Write(ref _suspended, true);
        if (Volatile.Read(ref _session) is { } session)
        {
            session.Abort("Kafka has to be reached anew first.");
            await session.Ended;
        }
    }

    public void Resume()
    {
        Volatile.Write(ref _suspended, false);
        _resume.Set();
    }

    /// <summary>From now on takes in nothing new; the keep alive and the acknowledgements go on.</summary>
    public void StopReading() => Volatile.Read(ref _session)?.Adapter?.StopReading();

    /// <summary>Ends the client. The first call decides how; each step of it is bounded.</summary>
    /// <returns>Null, or what is still kept at the broker although it should not be, in words.</returns>
    public Task<string?> RetireAsync(RetireMode mode, DrainLimits limits, CancellationToken cancellationToken)
    {
        lock (_retireGate)
        {
            if (_retired is null)
            {
                _retires = mode;
                _retired = RetireOnceAsync(mode, limits, cancellationToken);
            }

            return _retired;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RetireAsync(RetireMode.Abandon, new DrainLimits(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), CancellationToken.None);
        _resume.Dispose();
        _hurry.Dispose();
    }

    private async Task RunAsync()
    {
        // Off the caller's thread: connecting may resolve names and read certificates.
        await Task.Yield();
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                if (TakeErasure() is { } erasure)
                {
                    erasure.TrySetResult(await EraseAsync(_stop.Token));
                }

                if (Volatile.Read(ref _suspended))
                {
                    await _resume.WaitAsync(TimeSpan.FromSeconds(1));
                    continue;
                }

                if (await OpenAsync() is { } session)
                {
                    // Held back before there was a connection to close.
                    if (IsHeldBack)
                    {
                        session.Abort(SessionEnd.OnRequest.Text);
                    }

                    Close(session, await session.Ended);
                }

                if (!IsHeldBack && !_erases)
                {
                    await PauseAsync();
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            _observer.OnClientFault(exception);
        }

        Volatile.Read(ref _ending)?.TrySetResult("The client was stopped meanwhile.");
    }

    private async Task<ClientSession?> OpenAsync()
    {
        var endpoints = _setup.Source.Broker.Endpoints;
        OpenResult? result = null;
        for (var tried = 0; tried < endpoints.Count && !IsHeldBack; tried++)
        {
            var endpoint = endpoints[_endpoint % endpoints.Count];
            var session = NewSession();
            _record.Connecting(endpoint);
            _observer.OnClientChanged();
            Volatile.Write(ref _session, session);
            result = await SessionOpener.OpenAsync(_setup, endpoint, session, _subscribes, _time, _stop.Token);
            if (result.Mqtt is not null)
            {
                _mqtt = result.Mqtt;
                Opened(session, endpoint, result);
                return session;
            }

            _endpoint++;
        }

        if (result is not null && !IsHeldBack)
        {
            Failed(result);
        }

        return null;
    }

    private void Opened(ClientSession session, MqttEndpoint endpoint, OpenResult result)
    {
        var resumed = session.Facts is { SessionPresent: true };
        _record.Online(session.Facts!, AddressWords(session.Adapter!.LocalEndPoint), result.Subscriptions);
        _metrics.SessionBegan();
        Log.SessionBegan(_logger, ClientId, endpoint, resumed);
        _observer.OnClientFact(FactSeverity.Info, $"{ClientId} connected to {endpoint}; {(resumed ? "the broker had kept its session" : "a new session began")}.");
        foreach (var subscription in result.Subscriptions)
        {
            if (subscription.GrantedQos != subscription.Qos)
            {
                var what = ClientRecord.GrantWords(subscription);
                Log.GrantBelowAsked(_logger, ClientId, what);
                _observer.OnClientFact(FactSeverity.Warning, $"{ClientId}: {what}");
            }
        }

        _observer.OnClientChanged();
    }

    // Sockets of both families show IPv4 in IPv6's clothes.
    private static string? AddressWords(EndPoint? address) => address is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped
        ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port).ToString()
        : address?.ToString();

    private void Failed(OpenResult result)
    {
        if (_record.Failed(result))
        {
            Log.SessionFailed(_logger, ClientId, result.Failure!);
            _observer.OnClientFact(result.NeedsYou ? FactSeverity.Error : FactSeverity.Warning, $"{ClientId} cannot connect: {result.Failure}");
        }
    }

    private void Close(ClientSession session, SessionEnd end)
    {
        _mqtt?.Dispose();
        _mqtt = null;
        var lived = _record.Ended(end, session.Adapter!);
        if (lived >= LongEnough)
        {
            _backoff.Reset();
        }

        var asked = end.Kind == SessionEndKind.Closed;
        _metrics.SessionEnded(asked);
        Log.SessionEnded(_logger, asked ? LogLevel.Information : LogLevel.Warning, ClientId, end.Text);
        if (asked)
        {
            _observer.OnClientFact(FactSeverity.Info, $"{ClientId} disconnected. {ClosedWords(end)}");
        }
        else
        {
            _observer.OnClientFact(FactSeverity.Warning, $"{ClientId} lost its session: {end.Text}");
        }

        _observer.OnClientChanged();
        if (end.Kind == SessionEndKind.Bug)
        {
            _observer.OnClientFault(end.Exception!);
        }
    }

    // An end that was asked for is no loss, and says who asked and what becomes of what the broker holds.
    private string ClosedWords(SessionEnd end) => _retires switch
    {
        _ when end != SessionEnd.OnRequest => end.Text,
        RetireMode.KeepSessions when _setup.Source.CleanSession => "Its task stops; the broker keeps no session of it.",
        RetireMode.KeepSessions => "Its task stops; the broker keeps its session.",
        RetireMode.EndSessions => "Its task needs it no more.",
        RetireMode.Abandon => "Its task stops at once; the broker sends again what was open.",
        _ => end.Text,
    };

    private async Task PauseAsync()
    {
        var pause = _backoff.Next();
        _record.Waiting(_time.GetUtcNow() + pause);
        _observer.OnClientChanged();
        await _hurry.WaitAsync(pause);
    }

    private ClientSession NewSession() => new(
        _setup.Ordinal,
        ++_sessions,
        _setup.Source.Window,
        Books,
        _answered,
        _route,
        _setup.Source.KeepAlive,
        _setup.Delivery.Qos0Wait,
        _time);

    private static partial class Log
    {
        [LoggerMessage(EngineEvents.SessionBegan, LogLevel.Information, "{ClientId} connected to {Endpoint}, session resumed: {Resumed}")]
        public static partial void SessionBegan(ILogger logger, string clientId, MqttEndpoint endpoint, bool resumed);

        [LoggerMessage(EventId = EngineEvents.SessionEnded, Message = "The session of {ClientId} ended: {Reason}")]
        public static partial void SessionEnded(ILogger logger, LogLevel level, string clientId, string reason);

        [LoggerMessage(EngineEvents.SessionFailed, LogLevel.Warning, "{ClientId} cannot connect, and goes on trying: {Reason}")]
        public static partial void SessionFailed(ILogger logger, string clientId, string reason);

        [LoggerMessage(EngineEvents.ClientStoodStill, LogLevel.Warning, "{ClientId} is connected anew: {Why}")]
        public static partial void StoodStill(ILogger logger, string clientId, string why);

        [LoggerMessage(EngineEvents.GrantBelowAsked, LogLevel.Warning, "{ClientId}: {What}")]
        public static partial void GrantBelowAsked(ILogger logger, string clientId, string what);
    }
}
