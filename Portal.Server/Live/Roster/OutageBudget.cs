namespace Portal.Server.Live.Roster;

/// <summary>How long a broker would keep everything for a task that stopped now.</summary>
internal static class OutageBudget
{
    /// <param name="queue">What waits there and how much it keeps; null when it does not tell.</param>
    /// <param name="inPerSecond">What comes in at present.</param>
    /// <param name="sessionExpirySeconds">How long it keeps the sessions; null when it decides that alone.</param>
    /// <returns>Seconds, in steps of ten and above ten minutes of sixty: it is an estimate, and every second another one would help nobody. Null when it cannot be told.</returns>
    public static long? Of(BrokerQueue? queue, double inPerSecond, long? sessionExpirySeconds)
    {
        if (queue is null)
        {
            return null;
        }

        var room = Math.Max(0, queue.Limit - queue.Waiting);
        var untilFull = inPerSecond > 0 ? room / inPerSecond : double.PositiveInfinity;
        var seconds = Math.Min(untilFull, sessionExpirySeconds ?? double.PositiveInfinity);
        var step = seconds < 600 ? 10 : 60;
        return double.IsInfinity(seconds) ? null : (long)(seconds / step) * step;
    }
}
