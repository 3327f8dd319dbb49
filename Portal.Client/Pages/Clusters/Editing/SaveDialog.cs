using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Components.Review;
using Portal.Client.Contracts;
using Portal.Client.Wizards;

namespace Portal.Client.Pages.Clusters.Editing;

/// <summary>Somebody saved a newer revision while the form was open.</summary>
/// <param name="Actor">Who; null when that was not kept.</param>
/// <param name="Number">The revision.</param>
/// <param name="At">When.</param>
/// <param name="Theirs">What they changed.</param>
/// <param name="Clashes">What both changed, differently.</param>
public sealed record SaveConflict(string? Actor, long Number, DateTimeOffset At, IReadOnlyList<DiffLine> Theirs, IReadOnlyList<string> Clashes);

/// <summary>
/// What the dialogs of clusters and instances do alike: what changed, who depends on it, saving, and what may come of that.
/// </summary>
public abstract class SaveDialog<TView, TDraft> : ComponentBase
    where TView : class
    where TDraft : class, new()
{
    private TDraft _before = new();
    private TView? _theirs;

    /// <summary>What is changed; null registers another.</summary>
    [Parameter]
    public TView? Stored { get; set; }

    /// <summary>The region to begin with, or null.</summary>
    [Parameter]
    public string? Region { get; set; }

    /// <summary>The services behind.</summary>
    [Inject]
    protected IClusterService Clusters { get; set; } = default!;

    /// <summary>Who saved what.</summary>
    [Inject]
    protected IRevisionService Revisions { get; set; } = default!;

    [Inject]
    private Notices Notices { get; set; } = default!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    /// <summary>What the changes are made to: as stored when the dialog opened, or what somebody else saved since and was merged; null for a new one.</summary>
    protected TView? Base { get; private set; }

    /// <summary>What stands in the form.</summary>
    protected TDraft Draft { get; private set; } = new();

    /// <summary>All regions.</summary>
    protected IReadOnlyList<Region> Regions { get; private set; } = [];

    /// <summary>The tasks that depend on it.</summary>
    protected IReadOnlyList<DependentTask> Tasks { get; private set; } = [];

    /// <summary>What differs from what is stored; of a new one, what was filled in.</summary>
    protected IReadOnlyList<DiffLine> Lines { get; private set; } = [];

    /// <summary>All that is wrong with the draft, as far as it was asked.</summary>
    protected IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>Counts what was changed of the settings that a test is about.</summary>
    protected int Edition { get; private set; }

    /// <summary>Whether running tasks are restarted with the new settings.</summary>
    protected bool Restart { get; set; } = true;

    /// <summary>Whether an answer is awaited.</summary>
    protected bool Saving { get; private set; }

    /// <summary>What somebody else saved meanwhile, or null.</summary>
    protected SaveConflict? Conflict { get; private set; }

    /// <summary>Why it was refused, or null.</summary>
    protected string? Refusal { get; private set; }

    /// <summary>The id of what is changed, or null.</summary>
    protected string? BaseId => Base is null ? null : Identify(Base).Id;

    /// <summary>The revision that is changed; 0 for a new one.</summary>
    protected long BaseRevision => Base is null ? 0 : Identify(Base).Revision;

    /// <summary>What is saved, in words.</summary>
    protected abstract string What { get; }

    /// <summary>An empty form.</summary>
    protected abstract TDraft Blank(string region);

    /// <summary>The form of what is stored.</summary>
    protected abstract TDraft DraftOf(TView view);

    /// <summary>Which one it is, and how it was last saved.</summary>
    protected abstract (string Id, long Revision, DateTimeOffset UpdatedAt) Identify(TView view);

    /// <summary>What differs between two drafts of what is changed.</summary>
    protected abstract IReadOnlyList<DiffLine> Compare(TDraft before, TDraft after);

    /// <summary>What somebody else changed, from one stored state to the next.</summary>
    protected abstract IReadOnlyList<DiffLine> Compare(TView before, TView after);

    /// <summary>Saves the draft.</summary>
    protected abstract Task<CommandResult> StoreAsync(bool restart);

    /// <summary>What is stored now, or null when it was removed.</summary>
    protected abstract Task<TView?> FindAsync(string id);

    /// <summary>Who saved which revision.</summary>
    protected abstract Task<IEnumerable<(long Number, string? Actor)>> SaversAsync(string id);

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Base = Stored;
        Begin(Base is null ? Blank(Region ?? "") : DraftOf(Base));
        Regions = await Clusters.RegionsAsync(CancellationToken.None);
        if (Region is null && Base is null && Regions.Count == 1 && Lines.Count == 0)
        {
            Begin(Blank(Regions[0].Code));
        }

        if (BaseId is { } id)
        {
            Tasks = await Clusters.DependentTasksAsync(id, CancellationToken.None);
        }
    }

    /// <summary>Takes note of a changed field; its errors go.</summary>
    protected void Edit(TDraft draft, string field)
    {
        Draft = draft;
        Lines = Compare(_before, draft);
        Errors = [.. Errors.Where(error => error.Field != field && !error.Field.StartsWith($"{field}[", StringComparison.Ordinal))];
        if (field is not ("Name" or "Description" or "Region" or "Kind"))
        {
            Edition++;
        }

        StateHasChanged();
    }

    /// <summary>Saves, and closes the dialog when that was accepted.</summary>
    protected async Task SaveAsync()
    {
        Saving = true;
        (Conflict, Refusal) = (null, null);
        try
        {
            await StoreAsync();
        }
        finally
        {
            Saving = false;
        }
    }

    /// <summary>Puts mine on top of what was saved meanwhile; of what both changed, theirs counts for the names in <paramref name="yielded"/>.</summary>
    protected void Merge(IReadOnlyCollection<string> yielded) => Continue(DraftMerge.Merge(_before, Draft, DraftOf(_theirs!), yielded));

    /// <summary>Goes on with what was saved meanwhile, and drops mine.</summary>
    protected void Discard() => Continue(DraftOf(_theirs!));

    /// <summary>The text of an input.</summary>
    protected static string Text(object? typed) => typed as string ?? "";

    /// <summary>The text of an input, or null when it is empty.</summary>
    protected static string? Some(object? typed) => typed is string { Length: > 0 } text ? text : null;

    private void Begin(TDraft draft) => Edit(_before = draft, "");

    private void Continue(TDraft draft)
    {
        (Base, _theirs, Conflict, Errors) = (_theirs, null, null, []);
        _before = DraftOf(Base!);
        Edit(draft, "");
    }

    private async Task StoreAsync()
    {
        var result = await StoreAsync(Restart && ClusterDiff.TouchesTasks(Lines) && Tasks.Any(task => task.Running));
        switch (result.Outcome)
        {
            case CommandOutcome.Accepted:
                Notices.Show(result, What, Base is null ? $"{What} registered" : $"{What} saved");
                Dialog.Close(DialogResult.Ok(result.Id ?? BaseId));
                break;
            case CommandOutcome.Invalid:
                Errors = result.Errors;
                break;
            case CommandOutcome.Conflict when BaseId is { } id && await FindAsync(id) is { } theirs:
                await TakeConflictAsync(id, theirs);
                break;
            default:
                Refusal = result.Text;
                break;
        }
    }

    private async Task TakeConflictAsync(string id, TView theirs)
    {
        var (_, number, at) = Identify(theirs);
        var actor = (await SaversAsync(id)).FirstOrDefault(one => one.Number == number).Actor;
        _theirs = theirs;
        Conflict = new(actor, number, at, Compare(Base!, theirs), DraftMerge.Clashes(_before, Draft, DraftOf(theirs)));
    }
}
