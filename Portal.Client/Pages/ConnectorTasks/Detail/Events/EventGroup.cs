using Portal.Client.Contracts;

namespace Portal.Client.Pages.ConnectorTasks.Detail.Events;

/// <summary>Events that say the same one after the other: a storm of them is one line that says how many.</summary>
/// <param name="Events">Newest first; at least one.</param>
public sealed record EventGroup(IReadOnlyList<TaskEvent> Events)
{
    /// <summary>The newest, which stands for all.</summary>
    public TaskEvent Newest => Events[0];

    /// <summary>From the first to the last.</summary>
    public TimeSpan Span => Events[0].At - Events[^1].At;

    /// <summary>Puts together what repeats. What people did is never put together: each of it was meant.</summary>
    /// <param name="events">Newest first.</param>
    /// <param name="apart">An event that stands alone because an address points at it.</param>
    public static IReadOnlyList<EventGroup> Of(IEnumerable<TaskEvent> events, long? apart = null)
    {
        var groups = new List<List<TaskEvent>>();
        foreach (var one in events)
        {
            if (groups.Count > 0 && groups[^1][^1] is var last && Repeats(last, one) && last.Id != apart && one.Id != apart)
            {
                groups[^1].Add(one);
            }
            else
            {
                groups.Add([one]);
            }
        }

        return groups.ConvertAll(group => new EventGroup(group));
    }

    private static bool Repeats(TaskEvent one, TaskEvent other) =>
        one.Actor is null && other.Actor is null && one.Severity != EventSeverity.Info
        && (one.Kind, one.Severity, one.Text) == (other.Kind, other.Severity, other.Text);
}
