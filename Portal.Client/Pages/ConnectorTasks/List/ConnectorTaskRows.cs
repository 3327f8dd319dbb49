using Portal.Client.Components.Lists.Selecting;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.ConnectorTasks.List;

/// <summary>What a change of the feed means for the rows on screen.</summary>
/// <param name="Figures">Rows whose figures may have changed; to be patched.</param>
/// <param name="Redraw">Whether a row's status, cause or mark changed; to be rendered.</param>
/// <param name="Recount">Whether any task, on screen or not, changed its status, came or went.</param>
public sealed record RowsChange(IReadOnlyList<ConnectorTaskLive> Figures, bool Redraw, bool Recount);

/// <summary>
/// The rows of the task list as a person sees them. What happens to a task is shown in its row at once; the order of the rows stays until
/// the person asks for another, so that nothing jumps under the pointer.
/// </summary>
public sealed class ConnectorTaskRows
{
    private readonly Dictionary<string, ConnectorTaskLive> _live = [];

    // Kept as the tasks change: ten thousand of them would be added up four times a second.
    private double _in;
    private double _out;

    /// <summary>The rows, in the order on screen.</summary>
    public IReadOnlyList<ConnectorTaskView> Shown { get; private set; } = [];

    /// <summary>Messages a second received by all tasks that are watched.</summary>
    public double InPerSecond => Math.Max(0, Math.Round(_in, 1));

    /// <summary>Messages a second confirmed by Kafka for all tasks that are watched.</summary>
    public double OutPerSecond => Math.Max(0, Math.Round(_out, 1));

    /// <summary>Puts other rows on screen. Where the feed knows more than the query did, the feed wins.</summary>
    public void Show(IReadOnlyList<ConnectorTaskView> rows) =>
        Shown = [.. rows.Select(row => LiveOf(row) is var live && live.ObservedAt > row.Live.ObservedAt ? row with { Live = live } : row)];

    /// <summary>Takes what is stored of the rows on screen as it is now, for example what is asked; their order stays.</summary>
    public void Renew(IReadOnlyList<ConnectorTaskView> newer)
    {
        var byId = newer.ToDictionary(row => row.Id);
        Shown = [.. Shown.Select(row => byId.TryGetValue(row.Id, out var now) ? now with { Live = row.Live } : row)];
    }

    /// <summary>Takes what was observed.</summary>
    public RowsChange Take(IReadOnlyList<ConnectorTaskLive> changes)
    {
        var recount = false;
        foreach (var live in changes)
        {
            recount |= !_live.TryGetValue(live.Id, out var before) || before.Status != live.Status || live.IsDeleted;
            _in -= before?.InPerSecond ?? 0;
            _out -= before?.OutPerSecond ?? 0;
            if (live.IsDeleted)
            {
                _live.Remove(live.Id);
            }
            else
            {
                _live[live.Id] = live;
                _in += live.InPerSecond;
                _out += live.OutPerSecond;
            }
        }

        var byId = changes.ToDictionary(live => live.Id);
        var redraw = false;
        Shown = [.. Shown.Select(row => Follow(row))];
        return new([.. Shown.Where(row => byId.ContainsKey(row.Id)).Select(row => byId[row.Id])], redraw, recount);

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

    // Figures are patched into the row as it stands; only words need a rendering.
    private static bool SameWords(ConnectorTaskLive a, ConnectorTaskLive b) =>
        a.Status == b.Status && a.Cause == b.Cause && a.RestartToApply == b.RestartToApply && a.NeedsYou == b.NeedsYou
        && a.Attempt == b.Attempt && a.NextAttemptAt == b.NextAttemptAt && a.IsDeleted == b.IsDeleted && a.Warnings.SequenceEqual(b.Warnings);
}
