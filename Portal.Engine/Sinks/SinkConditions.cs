namespace Portal.Engine.Sinks;

/// <summary>
/// The one place that decides how a sink stands. Several troubles may exist at once; the gravest is shown: stopped, lost, refused by
/// Kafka, without an answer.
/// </summary>
internal sealed class SinkConditions(ISinkListener listener, TimeProvider time)
{
    private readonly Lock _gate = new();
    private string? _stopped;
    private string? _lost;
    private readonly Dictionary<string, string> _topics = [];
    private (SinkCondition Condition, string Cause)? _answer;
    private int _attempt;
    private DateTimeOffset? _nextAttemptAt;
    private SinkState _state = new(SinkCondition.Ready, time.GetUtcNow(), null);

    /// <summary>How it stands now; reading it waits for nobody.</summary>
    public SinkState State => Volatile.Read(ref _state);

    /// <summary>Whether records may be handed to the producer.</summary>
    public bool IsReady => State.Condition == SinkCondition.Ready;

    /// <summary>For good, until a person acts.</summary>
    public void Stop(string cause) => Change(() => _stopped ??= cause);

    /// <summary>The producer is of no use any more. The first cause stays.</summary>
    public void Lose(string cause) => Change(() => _lost ??= cause);

    /// <summary>A topic that the task needs cannot be written.</summary>
    public void RefuseTopic(string topic, string cause) => Change(() => _topics[topic] = cause);

    /// <summary>It can be written, or nobody asks for it any more.</summary>
    public void AcceptTopic(string topic) => Change(() => _topics.Remove(topic));

    /// <summary>Kafka is silent, which recovers by itself, or does not let us in, which does not.</summary>
    public void Silent(string cause, bool needsYou) =>
        Change(() => _answer = (needsYou ? SinkCondition.Refused : SinkCondition.Blocked, cause));

    /// <summary>The sink tries by itself to get out of what holds it up: when it will, or null while it does. Counts for nothing while it is ready.</summary>
    public void Plan(int attempt, DateTimeOffset? at) => Change(() => (_attempt, _nextAttemptAt) = (attempt, at));

    /// <summary>Kafka answers.</summary>
    public void Answered()
    {
        if (!IsReady)
        {
            Change(() => _answer = null);
        }
    }

    /// <summary>A renewal begins: the loss is known and dealt with, and its cause is what there is to show until something newer is.</summary>
    public void BeginRenewal(bool needsYou) => Change(() =>
    {
        _topics.Clear();
        _answer = (needsYou ? SinkCondition.Refused : SinkCondition.Blocked, _lost ?? SinkWords.NoAnswer);
        _lost = null;
    });

    /// <summary>A new producer stands.</summary>
    public void Renewed() => Change(() =>
    {
        _topics.Clear();
        _answer = null;
        _lost = null;
    });

    private void Change(Action change)
    {
        SinkState state;
        lock (_gate)
        {
            change();
            var (condition, cause) = Gravest_NeedsGate();
            if (condition is not (SinkCondition.Blocked or SinkCondition.Refused))
            {
                (_attempt, _nextAttemptAt) = (0, null);
            }

            state = new SinkState(condition, condition == _state.Condition ? _state.Since : time.GetUtcNow(), cause, _attempt, _nextAttemptAt);
            if (state == _state)
            {
                return;
            }

            Volatile.Write(ref _state, state);
        }

        listener.OnStateChanged(state);
    }

    private (SinkCondition Condition, string? Cause) Gravest_NeedsGate() => this switch
    {
        { _stopped: { } cause } => (SinkCondition.Stopped, cause),
        { _lost: { } cause } => (SinkCondition.Lost, cause),
        { _topics.Count: > 0 } => (SinkCondition.Refused, _topics.Values.First()),
        { _answer: { } answer } => answer,
        _ => (SinkCondition.Ready, null),
    };
}
