using Portal.Engine.Mapping;
using Portal.Engine.Mapping.Headers;

namespace Portal.Engine.Sources;

/// <summary>
/// One open delivery of a session that was picked to tell how long messages take from their publishing, by the user property
/// <c>$__messageTimestamp</c>, to Kafka. The next is picked when it is settled, so that the message path reads the property of few messages only.
/// </summary>
/// <remarks>Taken and dropped by the receive loop, matched by the thread that settles. The clock is the broker's: what is younger than now counts as new.</remarks>
internal sealed class PublishSample
{
    private uint _sequence;
    private long _age;
    private bool _taken;

    /// <summary>Whether one is open.</summary>
    public bool IsTaken => Volatile.Read(ref _taken);

    /// <summary>Picks a message that says when it was published.</summary>
    public void Take(uint sequence, in InboundMessage message)
    {
        if (UserProperties.TryFind(message.Properties, UserProperties.MessageTimestamp, out var text) && TimestampRule.TryMilliseconds(text, out var publishedAt))
        {
            _sequence = sequence;
            _age = Math.Max(0, message.ReceivedAt - publishedAt);
            Volatile.Write(ref _taken, true);
        }
    }

    /// <summary>It does not go to Kafka.</summary>
    public void Drop(uint sequence)
    {
        if (IsTaken && _sequence == sequence)
        {
            Volatile.Write(ref _taken, false);
        }
    }

    /// <summary>Whether it is this one, which then makes room for the next; and how old it was when it came.</summary>
    public bool Matches(uint sequence, out TimeSpan age)
    {
        age = default;
        if (_sequence != sequence)
        {
            return false;
        }

        age = TimeSpan.FromMilliseconds(_age);
        Volatile.Write(ref _taken, false);
        return true;
    }
}
