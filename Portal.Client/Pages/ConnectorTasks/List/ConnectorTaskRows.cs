using Portal.Client.Components.Lists.Selecting;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.ConnectorTasks.List;

/// <summary>What a change of the feed means for the rows on screen.</summary>
/// <param name="Figures">Rows whose figures may have changed; to be patched.</param>
/// <param name="Redraw">Whether a row's status, cause or mark changed; to be rendered.</param>
public sealed record RowsChange(IReadOnlyList<ConnectorTaskLive> Figures, bool Redraw);

/// <summary>
/// The rows of the task list as a person sees them. What happens to a task is shown in its row at once; the order of the rows stays until
/// the person asks for another, so that nothing jumps under the pointer.
/// </summary>
public sealed class ConnectorTaskRows
{
    private Dictionary<string, ConnectorTaskLive> _live = [];

    /// <summary>The rows, in the order on screen.</summary>
    public IReadOnlyList<ConnectorTaskView> Shown { get; private set; } = [];

    /// <summary>Puts other rows on screen. Where the feed knows more than the query did, the feed wins.</summary>
    public void Show(IReadOnlyList<ConnectorTaskView> rows)
    {
        var former = Shown.ToDictionary(row => row.Id);
        Shown = [.. rows.Select(row => LiveOf(row) is var live && live.ObservedAt > row.Live.ObservedAt ? row with { Live = live } : row).Select(Kept)];
        _live = Shown.ToDictionary(row => row.Id, LiveOf);

        ConnectorTaskView Kept(ConnectorTaskView row) =>
            former.TryGetValue(row.Id, out var before) && SameStored(before, row) && SameWords(before.Live, row.Live) ? before : row;
    }

    /// <summary>Takes what is stored of the rows on screen as it is now, for example what is asked; their order stays.</summary>
    public void Renew(IReadOnlyList<ConnectorTaskView> newer)
    {
        var byId = newer.ToDictionary(row => row.Id);
        Shown = [.. Shown.Select(row => byId.TryGetValue(row.Id, out var now) && !SameStored(row, now) ? now with { Live = row.Live } : row)];
    }

    /// <summary>Takes what was observed. What is not on screen is passed over: it may have been there when the watch began.</summary>
    public RowsChange Take(IReadOnlyList<ConnectorTaskLive> changes)
    {
        var byId = changes.Where(live => _live.ContainsKey(live.Id)).ToDictionary(live => live.Id);
        foreach (var live in byId.Values)
        {
            _live[live.Id] = live;
        }

        var redraw = false;
        Shown = [.. Shown.Select(row => Follow(row))];
        return new([.. Shown.Where(row => byId.ContainsKey(row.Id)).Select(row => byId[row.Id])], redraw);

        ConnectorTaskView Follow(ConnectorTaskView row)
        {
            if (!byId.TryGetValue(row.Id, out var live) || SameWords(row.Live, live))
            {
                return row;
            }

            redraw = true;
            return row with { Live = live };
        }
    }

    /// <summary>What was last observed of a row on screen, figures included.</summary>
    public ConnectorTaskLive LiveOf(ConnectorTaskView row) => _live.GetValueOrDefault(row.Id, row.Live);

    /// <summary>How many rows would stand elsewhere, come or go if these were shown instead.</summary>
    public int Moved(IReadOnlyList<ConnectorTaskView> next) => RowOrder.Moved([.. Shown.Select(row => row.Id)], [.. next.Select(row => row.Id)]);

    // A row that is the same object is not rendered again; settings are the same when their revision is.
    private static bool SameStored(ConnectorTaskView a, ConnectorTaskView b) => a == b with { Live = a.Live, Settings = a.Settings };

    // Figures are patched into the row as it stands; only words need a rendering.
    private static bool SameWords(ConnectorTaskLive a, ConnectorTaskLive b) =>
        a.Status == b.Status && a.Cause == b.Cause && a.RestartToApply == b.RestartToApply && a.NeedsYou == b.NeedsYou
        && a.Attempt == b.Attempt && a.NextAttemptAt == b.NextAttemptAt && a.IsDeleted == b.IsDeleted && a.Warnings.SequenceEqual(b.Warnings);
}
