namespace Portal.Engine.Pipelines;

/// <summary>One automatic restart that is planned.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Of">After so many within an hour nothing more is tried.</param>
/// <param name="Pause">How long to wait before it.</param>
internal sealed record RestartAttempt(int Number, int Of, TimeSpan Pause);

/// <summary>
/// When a pipeline that failed is started again: after 2 s, then twice as long each time, and at most seven times within an hour.
/// Thread-safe.
/// </summary>
internal sealed class AutomaticRestarts
{
    public const int Most = 7;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Queue<DateTimeOffset> _recent = new();

    public static string GivenUp => $"It was restarted {Most} times within {Period.TotalMinutes:0} minutes and failed again each time: nothing more is tried.";

    /// <summary>Plans one, or null when there were too many.</summary>
    public RestartAttempt? Next(DateTimeOffset now)
    {
        lock (_gate)
        {
            while (_recent.TryPeek(out var oldest) && now - oldest >= Period)
            {
                _recent.Dequeue();
            }

            if (_recent.Count == Most)
            {
                return null;
            }

            _recent.Enqueue(now);
            return new RestartAttempt(_recent.Count, Most, Shortest * Math.Pow(2, _recent.Count - 1));
        }
    }

    /// <summary>A person gave an order: counting begins anew.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _recent.Clear();
        }
    }
}
