using Portal.Client.Contracts;

namespace Portal.Client.Live;

/// <summary>
/// Whether a feed of tasks still beats. The server observes a task that is in motion every second, so silence means that the figures on
/// screen
/// are old; a task at rest has nothing to tell, and its silence means nothing.
/// </summary>
public sealed class FeedPulse(TimeProvider clock)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(12);
    private readonly HashSet<string> _moving = [];
    private DateTimeOffset _heard = clock.GetUtcNow();

    /// <summary>Since when nothing came that should have, or null.</summary>
    public DateTimeOffset? SilentSince => _moving.Count > 0 && clock.GetUtcNow() - _heard > Silence ? _heard : null;

    /// <summary>Notes what came.</summary>
    public void Hear(IEnumerable<ConnectorTaskLive> tasks)
    {
        _heard = clock.GetUtcNow();
        foreach (var task in tasks)
        {
            if (task.IsDeleted || task.Status is ConnectorTaskStatus.Paused or ConnectorTaskStatus.Failed)
            {
                _moving.Remove(task.Id);
            }
            else
            {
                _moving.Add(task.Id);
            }
        }
    }

    /// <summary>Begins to count anew, for a page that was hidden and did not read.</summary>
    public void Rest() => _heard = clock.GetUtcNow();
}
