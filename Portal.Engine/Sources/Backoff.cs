namespace Portal.Engine.Sources;

/// <summary>
/// How long to wait before the next attempt: 1 s, doubling to 30 s, less up to a half at random, so that the clients of a broker that
/// comes back do not all knock at once.
/// </summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private int _step;

    public TimeSpan Next()
    {
        var whole = Shortest * Math.Pow(2, Math.Min(_step++, 8));
        return (whole < Longest ? whole : Longest) * (1 - random.NextDouble() / 2);
    }

    /// <summary>The last session lived long enough to count as a success.</summary>
    public void Reset() => _step = 0;
}
