using Portal.Engine.Ledger;
using Portal.Engine.Pipelines;
using Portal.Engine.Sources.Wire;
using Portal.Engine.Specs;
using Portal.Engine.Telemetry;

namespace Portal.Engine.Sources;

/// <summary>What of a client the pipeline's status depends on.</summary>
/// <param name="Status">What it does.</param>
/// <param name="WasOnline">Whether it ever had a session.</param>
/// <param name="Trouble">Why it is not online, or serves less than asked, in words; null when all is well.</param>
/// <param name="NeedsYou">Whether a person must act.</param>
/// <param name="Attempt">Failed attempts since the last session.</param>
/// <param name="NextAttemptAt">The next attempt, or null.</param>
/// <param name="Warnings">What does not stop it.</param>
internal sealed record ClientStanding(
    TaskClientStatus Status,
    bool WasOnline,
    string? Trouble,
    bool NeedsYou,
    int Attempt,
    DateTimeOffset? NextAttemptAt,
    IReadOnlyList<string> Warnings);

/// <summary>What is known of a client, for photos. Thread-safe; written by the client's own loop.</summary>
internal sealed class ClientRecord(TaskClientSetup setup, TimeProvider time)
{
    private static readonly TimeSpan StandstillShown = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly TakeoverWatch _takeovers = new(setup, time);
    private readonly RateWindow _received = new(time);
    private readonly RateWindow _confirmed = new(time);
    private readonly DateTimeOffset _createdAt = time.GetUtcNow();
    private TaskClientStatus _status = TaskClientStatus.Connecting;
    private MqttEndpoint? _endpoint;
    private ConnackFacts? _facts;
    private string? _localAddress;
    private IReadOnlyList<SubscriptionSnapshot> _subscriptions = [];
    private DateTimeOffset? _connectedAt;
    private DateTimeOffset? _disconnectedAt;
    private DateTimeOffset? _nextAttemptAt;
    private string? _lastError;
    private (DateTimeOffset At, string Why)? _stoodStill;
    private bool _connected;
    private bool _retiring;
    private bool _needsYou;
    private int _attempt;
    private int _sessions;
    private long _bytesReceived;
    private long _bytesSent;

    public bool IsConnected
    {
        get
        {
            lock (_gate)
            {
                return _connected;
            }
        }
    }

    public bool IsOnline
    {
        get
        {
            lock (_gate)
            {
                return _status == TaskClientStatus.Online;
            }
        }
    }

    /// <summary>Whether it waits for its next attempt, also one that drains meanwhile.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_gate)
            {
                return _nextAttemptAt is not null;
            }
        }
    }

    public string? LastError
    {
        get
        {
            lock (_gate)
            {
                return _lastError;
            }
        }
    }

    /// <summary>How a grant falls short, in words.</summary>
    public static string GrantWords(SubscriptionSnapshot subscription) => subscription switch
    {
        { GrantedQos: null } => $"The broker refused {subscription.Filter}: {subscription.Refusal}",
        { GrantedQos: 0 } => $"The broker granted QoS 0 for {subscription.Filter}: at-least-once is off.",
        _ => $"The broker granted QoS {subscription.GrantedQos} for {subscription.Filter} where QoS {subscription.Qos} was asked.",
    };

    public void Connecting(MqttEndpoint endpoint)
    {
        lock (_gate)
        {
            _endpoint = endpoint;
            _nextAttemptAt = null;
            Become_NeedsLock(TaskClientStatus.Connecting);
        }
    }

    public void Online(ConnackFacts facts, string? localAddress, IReadOnlyList<SubscriptionSnapshot> subscriptions)
    {
        lock (_gate)
        {
            _facts = facts;
            _localAddress = localAddress;
            _subscriptions = subscriptions;
            _connectedAt = time.GetUtcNow();
            _connected = true;
            _attempt = 0;
            _sessions++;
            _needsYou = false;
            Become_NeedsLock(TaskClientStatus.Online);
        }
    }

    /// <summary>Notes a failed attempt; true for the first of an episode, or when the cause changed.</summary>
    public bool Failed(OpenResult result)
    {
        lock (_gate)
        {
            var news = _attempt == 0 || _lastError != result.Failure;
            _attempt++;
            _lastError = result.Failure;
            _needsYou = result.NeedsYou;
            _takeovers.Forget();
            _subscriptions = result.Subscriptions.Count > 0 ? result.Subscriptions : _subscriptions;
            return news;
        }
    }

    /// <summary>Notes the end of a session and returns how long it lived.</summary>
    public TimeSpan Ended(SessionEnd end, ChannelAdapter adapter)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            _connected = false;
            _disconnectedAt = now;
            _localAddress = null;
            _bytesReceived += adapter.BytesReceived;
            _bytesSent += adapter.BytesSent;
            Become_NeedsLock(TaskClientStatus.Waiting);
            var lived = now - (_connectedAt ?? now);
            _lastError = _takeovers.Look(end, lived) is { } more ? $"{end.Text} {more}" : end.Text;
            return lived;
        }
    }

    public void Waiting(DateTimeOffset nextAttemptAt)
    {
        lock (_gate)
        {
            _nextAttemptAt = nextAttemptAt;
            Become_NeedsLock(TaskClientStatus.Waiting);
        }
    }

    /// <summary>Its session is ended because nothing moved.</summary>
    public void StoodStill(string why)
    {
        lock (_gate)
        {
            _stoodStill = (time.GetUtcNow(), why);
        }
    }

    public void Draining()
    {
        lock (_gate)
        {
            _retiring = true;
            _status = TaskClientStatus.Draining;
        }
    }

    public void Closed()
    {
        lock (_gate)
        {
            _retiring = true;
            _connected = false;
            _nextAttemptAt = null;
            _status = TaskClientStatus.Closed;
        }
    }

    public void Sample(in PipelineBooks books)
    {
        _received.Sample(books.Received);
        _confirmed.Sample(books.Delivered + books.DeadLettered);
    }

    public ClientStanding Standing()
    {
        lock (_gate)
        {
            var grants = _connected ? _subscriptions.Where(subscription => subscription.GrantedQos != subscription.Qos).Select(GrantWords) : [];
            var contested = _takeovers.IsContested;
            List<string> warnings = [];
            if (_connected && _facts is { SessionExpiry: 0 } && !setup.Source.CleanSession)
            {
                warnings.Add($"The broker keeps no session for {setup.ClientId}: what is sent while it is away may be lost.");
            }

            if (_connected && _stoodStill is { } last && time.GetUtcNow() - last.At < StandstillShown)
            {
                warnings.Add($"{setup.ClientId} was connected anew at {last.At:HH:mm:ss} UTC. {last.Why}");
            }

            var trouble = _connected ? grants.FirstOrDefault() ?? (contested ? _lastError : null) : _lastError;
            return new ClientStanding(_status, _sessions > 0, trouble, _needsYou || contested, _attempt, _nextAttemptAt, warnings);
        }
    }

    public TaskClientSnapshot Snapshot(ClientBooksPhoto books, ChannelAdapter? adapter)
    {
        lock (_gate)
        {
            var live = _connected ? adapter : null;
            var modern = setup.Source.Broker.Protocol == MqttProtocol.V5;
            return new TaskClientSnapshot
            {
                ClientId = setup.ClientId,
                Index = setup.Index,
                Status = _status,
                Endpoint = _endpoint?.ToString(),
                LocalAddress = _localAddress,
                ProtocolVersion = modern ? "5.0" : "3.1.1",
                KeepAlive = _facts?.ServerKeepAlive is { } seconds ? TimeSpan.FromSeconds(seconds) : setup.Source.KeepAlive,
                CleanSession = setup.Source.CleanSession,
                SessionExpiry = !modern ? null : _facts?.SessionExpiry is { } expiry ? TimeSpan.FromSeconds(expiry) : AskedExpiry,
                SessionPresent = _facts?.SessionPresent ?? false,
                CreatedAt = _createdAt,
                ConnectedAt = _connectedAt,
                DisconnectedAt = _disconnectedAt,
                NextAttemptAt = _nextAttemptAt,
                Attempt = _attempt,
                Subscriptions = _subscriptions,
                UserProperties = _facts?.UserProperties ?? [],
                Books = books.Books,
                Window = setup.Source.Window,
                ReceivedByQos = [books.Qos0, books.Qos1, books.Qos2],
                BytesReceived = _bytesReceived + (live?.BytesReceived ?? 0),
                BytesSent = _bytesSent + (live?.BytesSent ?? 0),
                ReceivedPerSecond = _received.PerSecond,
                ConfirmedPerSecond = _confirmed.PerSecond,
                Reconnects = Math.Max(0, _sessions - 1),
                LastError = _lastError,
            };
        }
    }

    private TimeSpan AskedExpiry => setup.Source.CleanSession ? TimeSpan.Zero : setup.Source.SessionExpiry;

    // Draining and Closed are shown to the end, though a client that lost its session meanwhile connects again underneath.
    private void Become_NeedsLock(TaskClientStatus status)
    {
        if (!_retiring)
        {
            _status = status;
        }
    }
}
