namespace Portal.Client.Live;

/// <summary>
/// Whether the feed still beats: the server tells the totals of its tasks every second, so silence means that the figures on screen are old.
/// </summary>
public sealed class FeedPulse(TimeProvider clock)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(12);
    private DateTimeOffset _heard = clock.GetUtcNow();

    /// <summary>Since when nothing came, or null.</summary>
    public DateTimeOffset? SilentSince => clock.GetUtcNow() - _heard > Silence ? _heard : null;

    /// <summary>Notes that something came, or that a page which was hidden begins to count anew.</summary>
    public void Hear() => _heard = clock.GetUtcNow();
}
