using Portal.Client.Contracts;

namespace Portal.Client.Pages.ConnectorTasks.List;

/// <summary>The tasks that are ticked. They stay so over pages, new orders and live changes, since they are kept by id.</summary>
public sealed class RowSelection
{
    private readonly Dictionary<string, ConnectorTaskView> _chosen = [];

    /// <summary>How many.</summary>
    public int Count => _chosen.Count;

    /// <summary>Their ids.</summary>
    public IReadOnlyList<string> Ids => [.. _chosen.Keys];

    /// <summary>The chosen tasks as they were when they were last seen, by name.</summary>
    public IReadOnlyList<ConnectorTaskView> Tasks =>
        [.. _chosen.Values.OrderBy(task => task.Settings.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether a task is chosen.</summary>
    public bool Has(string id) => _chosen.ContainsKey(id);

    /// <summary>Whether all of these are chosen, and there is one.</summary>
    public bool HasAll(IReadOnlyList<ConnectorTaskView> rows) => rows.Count > 0 && rows.All(row => Has(row.Id));

    /// <summary>Chooses a task, or no longer.</summary>
    public void Set(ConnectorTaskView task, bool chosen)
    {
        if (chosen)
        {
            _chosen[task.Id] = task;
        }
        else
        {
            _chosen.Remove(task.Id);
        }
    }

    /// <summary>Keeps what is chosen up to date with what is on screen; those that are gone are dropped.</summary>
    public void Follow(IReadOnlyList<ConnectorTaskView> rows)
    {
        foreach (var row in rows.Where(row => Has(row.Id)))
        {
            Set(row, !row.Live.IsDeleted);
        }
    }

    /// <summary>Chooses none.</summary>
    public void Clear() => _chosen.Clear();
}
