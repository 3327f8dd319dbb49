using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Components.Review;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.Clusters.Editing;

/// <summary>
/// What the dialogs of clusters and instances do alike: what changed, who depends on it, saving, and what may come of that.
/// </summary>
public abstract class SaveDialog : ComponentBase
{
    /// <summary>The region to begin with, or null.</summary>
    [Parameter]
    public string? Region { get; set; }

    /// <summary>The services behind.</summary>
    [Inject]
    protected IClusterService Clusters { get; set; } = default!;

    [Inject]
    private Notices Notices { get; set; } = default!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    /// <summary>All regions.</summary>
    protected IReadOnlyList<Region> Regions { get; private set; } = [];

    /// <summary>The tasks that depend on it.</summary>
    protected IReadOnlyList<DependentTask> Tasks { get; private set; } = [];

    /// <summary>What differs from what is stored.</summary>
    protected IReadOnlyList<DiffLine> Lines { get; private set; } = [];

    /// <summary>All that is wrong with the draft, as far as it was asked.</summary>
    protected IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>Whether running tasks are restarted with the new settings.</summary>
    protected bool Restart { get; set; } = true;

    /// <summary>Whether an answer is awaited.</summary>
    protected bool Saving { get; private set; }

    /// <summary>Whether somebody was faster.</summary>
    protected bool Conflict { get; private set; }

    /// <summary>Why it was refused, or null.</summary>
    protected string? Refusal { get; private set; }

    /// <summary>The id of what is changed, or null.</summary>
    protected abstract string? StoredId { get; }

    /// <summary>What is saved, in words.</summary>
    protected abstract string What { get; }

    /// <summary>Saves the draft.</summary>
    protected abstract Task<CommandResult> StoreAsync(bool restart);

    /// <summary>Fills the form; called once, when the regions are known.</summary>
    protected abstract void OnRegionKnown(string region);

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        OnRegionKnown(Region ?? "");
        Regions = await Clusters.RegionsAsync(CancellationToken.None);
        if (Region is null && StoredId is null && Regions.Count == 1)
        {
            OnRegionKnown(Regions[0].Code);
        }

        if (StoredId is { } id)
        {
            Tasks = await Clusters.DependentTasksAsync(id, CancellationToken.None);
        }
    }

    /// <summary>Takes note of a changed field; its errors go.</summary>
    protected void Changed(string field, IReadOnlyList<DiffLine> lines)
    {
        Lines = lines;
        Errors = [.. Errors.Where(error => error.Field != field && !error.Field.StartsWith($"{field}[", StringComparison.Ordinal))];
        StateHasChanged();
    }

    /// <summary>Saves, and closes the dialog when that was accepted.</summary>
    protected async Task SaveAsync()
    {
        Saving = true;
        (Conflict, Refusal) = (false, null);
        var result = await StoreAsync(Restart && ClusterDiff.TouchesTasks(Lines) && Tasks.Any(task => task.Running));
        Saving = false;
        switch (result.Outcome)
        {
            case CommandOutcome.Accepted:
                Notices.Show(result, What, StoredId is null ? $"{What} registered" : $"{What} saved");
                Dialog.Close(DialogResult.Ok(result.Id ?? StoredId));
                break;
            case CommandOutcome.Invalid:
                Errors = result.Errors;
                break;
            case CommandOutcome.Conflict:
                Conflict = true;
                break;
            default:
                Refusal = result.Text;
                break;
        }
    }

    /// <summary>The text of an input.</summary>
    protected static string Text(object? typed) => typed as string ?? "";

    /// <summary>The text of an input, or null when it is empty.</summary>
    protected static string? Some(object? typed) => typed is string { Length: > 0 } text ? text : null;
}
