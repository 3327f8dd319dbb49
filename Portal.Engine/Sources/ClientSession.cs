using System.Runtime.CompilerServices;
using Portal.Engine.Ledger;
using Portal.Engine.Sinks;
using Portal.Engine.Sources.Wire;

namespace Portal.Engine.Sources;

/// <summary>
/// One network session of a client, from CONNECT to its end, and the ledger that belongs to it. Messages come in on the adapter's
/// receive loop; receipts settle them from any thread.
/// </summary>
internal sealed class ClientSession : IPublishHandler, IAcknowledger, IDisposable
{
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(1);

    // Far longer than an answer takes to come: if none does, the window alone decides how much is open.
    private static readonly TimeSpan FlightPause = TimeSpan.FromMilliseconds(200);

    // A nudge comes when the sink is ready again; looking once a second as well costs nothing and forgives a lost one.
    private static readonly TimeSpan ShutPause = TimeSpan.FromSeconds(1);

    private readonly int _ordinal;
    private readonly IMessageRoute _route;
    private readonly PacketIdSet _answered;
    private readonly TimeSpan _qos0Wait;
    private readonly TimeProvider _time;
    private readonly AsyncSignal _signal;
    private readonly LimitWatch _limit = new();
    private readonly FlightLimit _flight;
    private readonly TaskCompletionSource<SessionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChannelAdapterFactory _factory;

    // The message that was offered and not yet taken has its slot already.
    private bool _entered;
    private uint _sequence;
    private bool _held;
    private bool _heldInFlight;
    private bool _settledHere;
    private bool _qos2Seen;
    private TimeSpan _pause;
    private long? _fullSince;
    private readonly PublishSample _sample = new();
    private long _lastMessageAt;

    /// <param name="ordinal">The client's place in the pipeline, for tokens.</param>
    /// <param name="session">Its number among the client's sessions, for tokens.</param>
    /// <param name="window">Size of the ledger.</param>
    /// <param name="books">The client's.</param>
    /// <param name="answered">The client's QoS 2 packet ids that were answered with PUBREC and wait for PUBREL; outlives the session.</param>
    /// <param name="route">Downstream.</param>
    /// <param name="keepAlive">What CONNECT asks for.</param>
    /// <param name="qos0Wait">How long QoS 0 waits for room.</param>
    /// <param name="time">The clock.</param>
    public ClientSession(
        int ordinal,
        uint session,
        int window,
        ClientBooks books,
        PacketIdSet answered,
        IMessageRoute route,
        TimeSpan keepAlive,
        TimeSpan qos0Wait,
        TimeProvider time)
    {
        _ordinal = ordinal;
        _answered = answered;
        _route = route;
        _qos0Wait = qos0Wait;
        _time = time;
        _signal = new AsyncSignal(time);
        _lastMessageAt = time.GetTimestamp();
        _factory = new ChannelAdapterFactory(this, keepAlive, time);
        _flight = new FlightLimit(window, time);
        Ledger = new DeliveryLedger(window, session, books, this);
    }

    public DeliveryLedger Ledger { get; }

    /// <summary>What MQTTnet's client is made with.</summary>
    public ChannelAdapterFactory AdapterFactory => _factory;

    /// <summary>The adapter, once the client began to connect.</summary>
    public ChannelAdapter? Adapter => _factory.Adapter;

    /// <summary>What CONNACK said, once it came.</summary>
    public ConnackFacts? Facts { get; private set; }

    /// <summary>Ends with the reason when nothing of the session can be read or sent any more and its ledger is abandoned.</summary>
    public Task<SessionEnd> Ended => _ended.Task;

    /// <summary>When the last message came in, a timestamp of the clock.</summary>
    public long LastMessageAt => Volatile.Read(ref _lastMessageAt);

    /// <summary>Any thread: settles a delivery of this session; its acknowledgement leaves with <see cref="Release"/>.</summary>
    public bool Settle(DeliveryToken token, DeliveryOutcome outcome, out long receivedAt)
    {
        receivedAt = 0;
        if (!DeliveryTokens.IsOfSession(token, Ledger.Session) || !Ledger.Settle(DeliveryTokens.Sequence(token), outcome, out receivedAt))
        {
            return false;
        }

        if (outcome is DeliveryOutcome.Delivered or DeliveryOutcome.DeadLettered)
        {
            _flight.Answered(receivedAt);
        }

        return true;
    }

    /// <summary>Any thread: whether this delivery was picked to tell how old messages are, and how old it was when it came.</summary>
    public bool IsSample(DeliveryToken token, out TimeSpan age)
    {
        age = default;
        return _sample.IsTaken && DeliveryTokens.IsOfSession(token, Ledger.Session) && _sample.Matches(DeliveryTokens.Sequence(token), out age);
    }

    /// <summary>Any thread: sends the acknowledgements that are due, and lets the receive loop go on when there is room again.</summary>
    public void Release()
    {
        if (Ledger.Release() > 0)
        {
            Adapter!.Sending.Send();
            _signal.Set();
        }
    }

    /// <summary>Sends what is due and then a DISCONNECT, and closes.</summary>
    /// <returns>Whether the broker answered that by closing.</returns>
    public Task<bool> CloseAsync(uint? sessionExpiry, TimeSpan limit)
    {
        // The books are ahead of the buffer: an acknowledgement that is booked may not be appended yet. This waits for the one who does it.
        Ledger.Release();
        return Adapter!.CloseAsync(sessionExpiry, limit);
    }

    /// <summary>Any thread: what held reading may be over.</summary>
    public void Nudge() => _signal.Set();

    public void OnConnack(ConnackFacts facts)
    {
        Facts = facts;
        if (facts.ReasonCode == 0 && !facts.SessionPresent)
        {
            _answered.Clear();
        }
    }

    public bool OnPublish(in InboundMessage message, long timestamp)
    {
        if (!_entered)
        {
            // A message that lies behind a held one in the same block was held with it.
            var isFirstOfBlock = timestamp != _lastMessageAt;
            _held &= !isFirstOfBlock;
            _lastMessageAt = timestamp;
            if (message.Qos == 2 && IsAnswered(message.PacketId, message.Duplicate))
            {
                return true;
            }

            if (!_flight.Allows(Ledger.Open))
            {
                _held = _heldInFlight = true;
                _pause = FlightPause;
                return false;
            }

            switch (Ledger.Enter(message.PacketId, message.Qos, message.Payload.Length, timestamp, out _sequence))
            {
                case EnterResult.Twin:
                    return true;
                case EnterResult.Full:
                    return IsDroppedAtFullWindow(in message);
            }

            _entered = true;
            _fullSince = null;
            if (isFirstOfBlock && !_sample.IsTaken)
            {
                _sample.Take(_sequence, in message);
            }
        }

        var result = _route.Take(in message, DeliveryTokens.Pack(_ordinal, Ledger.Session, _sequence), _held);
        if (result is RouteResult.Busy or RouteResult.Shut or RouteResult.Throttled)
        {
            _held = true;
            _pause = result switch
            {
                RouteResult.Busy => BusyPause,
                RouteResult.Throttled => _route.Wait,
                _ => ShutPause,
            };
            return false;
        }

        if (result is not RouteResult.Taken)
        {
            _sample.Drop(_sequence);
            Ledger.Settle(_sequence, result == RouteResult.Filtered ? DeliveryOutcome.Filtered : DeliveryOutcome.Expired, out _);
            _settledHere = true;
        }

        _entered = false;
        return true;
    }

    public void OnBlockEnd()
    {
        if (_settledHere)
        {
            _settledHere = false;
            Release();
        }

        if (_heldInFlight || _limit.StandsAtLimit(Ledger.Open))
        {
            _route.Hurry();
        }
    }

    // Pooled, as is its caller: a flood holds hundreds of times a second.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask HoldAsync()
    {
        if (!await _signal.WaitAsync(_pause) && _heldInFlight)
        {
            _flight.Lift();
        }

        _heldInFlight = false;
    }

    public bool OnPubRel(ushort packetId) => _answered.Remove(packetId);

    public void OnEnded(SessionEnd end)
    {
        Ledger.Abandon();
        _signal.Dispose();
        _ended.TrySetResult(end);
    }

    /// <summary>From the ledger: the answers of a batch, in receive order.</summary>
    void IAcknowledger.Acknowledge(ReadOnlySpan<Acknowledgement> batch)
    {
        if (_qos2Seen)
        {
            foreach (var acknowledgement in batch)
            {
                if (acknowledgement.Qos == 2)
                {
                    _answered.Add(acknowledgement.PacketId);
                }
            }
        }

        Adapter!.Sending.Acknowledge(batch);
    }

    /// <summary>Closes the connection at once; what is open is abandoned.</summary>
    public void Abort(string why, SessionEndKind kind = SessionEndKind.Closed)
    {
        Adapter?.End(new SessionEnd(kind, why));
        _signal.Set();
    }

    public void Dispose()
    {
        Abort(SessionEnd.OnRequest.Text);
        if (Adapter is not { IsReceiving: true })
        {
            OnEnded(SessionEnd.OnRequest);
        }
    }

    // QoS 2: between our PUBREC and the broker's PUBREL the same id is the same message (MQTT-4.3.3-10). But a message sent again bears DUP
    // (MQTT-3.3.1-1): without it this is a new one, whose id came free by a handshake that we did not see.
    private bool IsAnswered(ushort packetId, bool duplicate)
    {
        Volatile.Write(ref _qos2Seen, true);
        if (!duplicate)
        {
            _answered.Remove(packetId);
            return false;
        }

        if (!_answered.Contains(packetId))
        {
            return false;
        }

        Ledger.CountTwin();
        Adapter!.Sending.Acknowledge([new Acknowledgement(packetId, 2)]);
        return true;
    }

    private bool IsDroppedAtFullWindow(in InboundMessage message)
    {
        _held = true;
        _pause = Timeout.InfiniteTimeSpan;
        if (message.Qos > 0)
        {
            return false;
        }

        if (_qos0Wait == Timeout.InfiniteTimeSpan)
        {
            return false;
        }

        // One wait for each time the window is full, not one for each message: else a long outage would let one message pass a second.
        _fullSince ??= _time.GetTimestamp();
        var left = _qos0Wait - _time.GetElapsedTime(_fullSince.Value);
        if (left > TimeSpan.Zero)
        {
            _pause = left;
            return false;
        }

        Ledger.Drop(message.Payload.Length);
        return true;
    }
}
