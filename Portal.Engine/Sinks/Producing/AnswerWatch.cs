using Confluent.Kafka;
using Portal.Engine.Sinks.Topics;

namespace Portal.Engine.Sinks.Producing;

/// <summary>Notices that Kafka says nothing although something is open. Used by the report thread, but for <see cref="SayWhy"/>.</summary>
internal sealed class AnswerWatch(SinkConditions conditions, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private long _answeredAt = time.GetTimestamp();
    private bool _answered;
    private volatile LastError? _lastError;
    private volatile string? _finding;
    private bool _examined;
    private bool _said;

    /// <summary>When something was last open.</summary>
    public long BusyAt { get; private set; } = time.GetTimestamp();

    /// <summary>A report came.</summary>
    public void Answer()
    {
        _answered = true;
        _lastError = null;
        _finding = null;
        _examined = false;
    }

    /// <summary>librdkafka said why it gets no answer.</summary>
    public void Error(ErrorCode code, string text)
    {
        // "All brokers are down" follows the error that says why, and would hide it.
        if (code != ErrorCode.Local_AllBrokersDown)
        {
            _lastError = new LastError(text, code is ErrorCode.Local_Authentication or ErrorCode.Local_Ssl);
        }
    }

    /// <summary>Every round.</summary>
    /// <param name="open">Deliveries that are open.</param>
    /// <param name="held">Those of them that wait for their next attempt: Kafka owes no answer to them.</param>
    /// <returns>Whether Kafka is silent without an error, for the first time since its last answer: then asking it may tell more.</returns>
    public bool Look(int open, int held)
    {
        var now = time.GetTimestamp();
        if (open > 0 || _answered)
        {
            BusyAt = now;
        }

        var owesNothing = open <= held;
        // Without an answer too: what Kafka was said to be silent about can end without it, as a discarded record does.
        if (_answered || (owesNothing && _said))
        {
            _said = false;
            conditions.Answered();
        }

        if (_answered || owesNothing)
        {
            _answered = false;
            _answeredAt = now;
        }
        else if (time.GetElapsedTime(_answeredAt, now) >= Patience)
        {
            _said = true;
            SayWhy();
            var first = !_examined && _lastError is null;
            _examined |= first;
            return first;
        }

        return false;
    }

    /// <summary>Kafka answers questions and yet confirms no record.</summary>
    public void Find(TopicAnswer answer, string topic) => _finding = SinkWords.NotConfirmed(topic, answer.Partitions, answer.Leaderless);

    /// <summary>Tells why Kafka is silent, as far as librdkafka said. From any thread.</summary>
    public void SayWhy()
    {
        var error = _lastError;
        var needsYou = error?.NotSignedIn ?? false;
        var cause = needsYou ? SinkWords.NotSignedIn(error!.Text) : _finding ?? SinkWords.Silent(error?.Text);
        conditions.Silent(cause, needsYou);
    }

    private sealed record LastError(string Text, bool NotSignedIn);
}
