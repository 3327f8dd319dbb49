using Portal.Engine.Pipelines;
using Portal.Engine.Specs;

namespace Portal.Engine.Sources;

/// <summary>
/// Notices a client that stands still: messages of it are open, or its reading is held, and nothing is settled for longer than is
/// plausible although Kafka answers and not all of them are with it. Looked at by one caller, once a second.
/// </summary>
/// <remarks>
/// A new session is the cure for whatever was lost between the parts: the broker sends again what was open. Since that makes duplicates, the
/// limit doubles each time it did not help, and is back at its first value when something moves.
/// </remarks>
internal sealed class ProgressWatch(DeliverySpec delivery, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly TimeSpan _first = delivery.StandstillLimit + delivery.RetryAttempts * delivery.RetryInterval;
    private TimeSpan _limit = delivery.StandstillLimit + delivery.RetryAttempts * delivery.RetryInterval;
    private long _movedAt = time.GetTimestamp();
    private uint _session;
    private long _settled;

    /// <summary>Nothing needs to move at present.</summary>
    public void Rest() => _movedAt = time.GetTimestamp();

    /// <summary>Looks whether anything moved; why the session should be ended, in words, or null.</summary>
    public string? Look(uint session, in PipelineBooks books, bool held)
    {
        // Abandoned is how it ends when a session is lost, and no sign that anything moves.
        var settled = books.Received - books.Open - books.Abandoned;
        if (settled != _settled)
        {
            (_settled, _limit) = (settled, _first);
            Rest();
        }

        if (session != _session || (books.Open == 0 && !held))
        {
            _session = session;
            Rest();
        }

        if (time.GetElapsedTime(_movedAt) < _limit)
        {
            return null;
        }

        var stood = _limit;
        _limit = _limit * 2 < Longest ? _limit * 2 : Longest;
        Rest();
        return books.Open > 0
            ? $"{books.Open} of its messages were open and none was settled for {stood.TotalSeconds:0} s, although Kafka answers. Its session began anew; the broker sends them again."
            : $"It read nothing for {stood.TotalSeconds:0} s, although there is room and Kafka answers. Its session began anew.";
    }
}
