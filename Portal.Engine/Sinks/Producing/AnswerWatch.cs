using Confluent.Kafka;

namespace Portal.Engine.Sinks.Producing;

/// <summary>Notices that Kafka says nothing although something is open. Used by the report thread, but for <see cref="SayWhy"/>.</summary>
internal sealed class AnswerWatch(SinkConditions conditions, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private long _answeredAt = time.GetTimestamp();
    private bool _answered;
    private volatile LastError? _lastError;

    /// <summary>When something was last open.</summary>
    public long BusyAt { get; private set; } = time.GetTimestamp();

    /// <summary>A report came.</summary>
    public void Answer()
    {
        _answered = true;
        _lastError = null;
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
    public void Look(int open)
    {
        var now = time.GetTimestamp();
        if (open > 0 || _answered)
        {
            BusyAt = now;
        }

        if (_answered)
        {
            conditions.Answered();
        }

        if (_answered || open == 0)
        {
            _answered = false;
            _answeredAt = now;
        }
        else if (time.GetElapsedTime(_answeredAt, now) >= Patience)
        {
            SayWhy();
        }
    }

    /// <summary>Tells why Kafka is silent, as far as librdkafka said. From any thread.</summary>
    public void SayWhy()
    {
        var error = _lastError;
        var needsYou = error?.NotSignedIn ?? false;
        conditions.Silent(needsYou ? SinkWords.NotSignedIn(error!.Text) : SinkWords.Silent(error?.Text), needsYou);
    }

    private sealed record LastError(string Text, bool NotSignedIn);
}
