using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Components.Review;
using Portal.Client.Contracts;
using Portal.Client.Live;
using Portal.Client.Wizards;

namespace Portal.Client.Pages.Clusters.Editing.Saving;

/// <summary>
/// What the dialogs of clusters and instances do alike: what changed, who depends on it, keeping what is typed, saving, and what may come of that.
/// </summary>
public abstract class SaveDialog<TView, TDraft> : LiveComponent
    where TView : class
    where TDraft : class, new()
{
    private EditedForm<TDraft> _form = default!;
    private TView? _theirs;
    private FormKeeper<TDraft> _keeper = default!;

    /// <summary>What is changed; null registers another.</summary>
    [Parameter]
    public TView? Stored { get; set; }

    /// <summary>The region to begin with, or null.</summary>
    [Parameter]
    public string? Region { get; set; }

    /// <summary>The draft of a registration to go on with, or null for an empty form.</summary>
    [Parameter]
    public string? DraftId { get; set; }

    /// <summary>The revision whose settings stand in the form, or null for the present ones.</summary>
    [Parameter]
    public Revision<TDraft>? Restored { get; set; }

    /// <summary>The services behind.</summary>
    [Inject]
    protected IClusterService Clusters { get; set; } = default!;

    /// <summary>Who saved what.</summary>
    [Inject]
    protected IRevisionService Revisions { get; set; } = default!;

    [Inject]
    private IDraftService Drafts { get; set; } = default!;

    [Inject]
    private Notices Notices { get; set; } = default!;

    [Inject]
    private Confirmations Confirmations { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    /// <summary>What the changes are made to: as stored when the dialog opened, or what somebody else saved since and was merged; null for a new one.</summary>
    protected TView? Base { get; private set; }

    /// <summary>What stands in the form.</summary>
    protected TDraft Draft => _form.Draft;

    /// <summary>All regions.</summary>
    protected IReadOnlyList<Region> Regions { get; private set; } = [];

    /// <summary>The tasks that depend on it.</summary>
    protected IReadOnlyList<DependentTask> Tasks { get; private set; } = [];

    /// <summary>What differs from what is stored; of a new one, what was filled in.</summary>
    protected IReadOnlyList<DiffLine> Lines => _form.Lines;

    /// <summary>All that is wrong with the draft, as far as it was asked.</summary>
    protected IReadOnlyList<FieldError> Errors => _form.Errors;

    /// <summary>Counts what was changed of the settings that a test is about.</summary>
    protected int Edition => _form.Edition;

    /// <summary>Whether running tasks are restarted with the new settings.</summary>
    protected bool Restart { get; set; } = true;

    /// <summary>Whether an answer is awaited.</summary>
    protected bool Saving { get; private set; }

    /// <summary>What somebody else saved meanwhile, or null.</summary>
    protected SaveConflict? Conflict { get; private set; }

    /// <summary>Why it was refused, or null.</summary>
    protected string? Refusal { get; private set; }

    /// <summary>Whether something would be lost.</summary>
    protected bool IsDirty => Lines.Count > 0 && !_keeper.HasEnded;

    /// <summary>What was typed on another day and stood in the form when it opened, or null; its secrets are not shown.</summary>
    protected TDraft? Before { get; private set; }

    /// <summary>What is known about keeping what is typed, for the form to show.</summary>
    protected KeptForm Kept => _keeper.State;

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

    /// <summary>A form of another day, with what no form sets as it is now.</summary>
    protected abstract TDraft Fit(TDraft draft);

    /// <summary>Which one it is, and how it was last saved.</summary>
    protected abstract (string Id, long Revision, DateTimeOffset UpdatedAt) Identify(TView view);

    /// <summary>What differs between two drafts of what is changed.</summary>
    protected abstract IReadOnlyList<DiffLine> Compare(TDraft before, TDraft after);

    /// <summary>What somebody else changed, from one stored state to the next.</summary>
    protected abstract IReadOnlyList<DiffLine> Compare(TView before, TView after);

    /// <summary>Saves the draft.</summary>
    protected abstract Task<CommandResult> StoreAsync(bool restart);

    /// <summary>What is to be done once it is saved.</summary>
    protected virtual Task AfterSaveAsync(CommandResult result) => Task.CompletedTask;

    /// <summary>What is stored now, or null when it was removed.</summary>
    protected abstract Task<TView?> FindAsync(string id);

    /// <summary>Who saved which revision.</summary>
    protected abstract Task<IEnumerable<(long Number, string? Actor)>> SaversAsync(string id);

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Base = Stored;
        _form = new EditedForm<TDraft>(Compare);
        _keeper = new FormKeeper<TDraft>(Drafts, Clock);
        _form.Begin(Base is null ? Blank(Region ?? "") : DraftOf(Base), BaseRevision);
        Regions = await Clusters.RegionsAsync(Closing);
        if (Region is null && Base is null && Regions.Count == 1 && Lines.Count == 0)
        {
            _form.Begin(Blank(Regions[0].Code), BaseRevision);
        }

        if (BaseId is { } id)
        {
            await GoOnAsync(id);
            Tasks = await Clusters.DependentTasksAsync(id, Closing);
        }
        else if (DraftId is { } draft && await _keeper.OpenNewAsync(draft, Closing) is { } content)
        {
            _form.Take(Before = content);
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask CloseAsync() => await _keeper.CloseAsync(_form.Unsaved);

    /// <summary>Takes note of a changed field; its errors go, and it is kept.</summary>
    protected void Edit(TDraft draft, string field)
    {
        _form.Take(draft, field);
        StateHasChanged();
        _ = KeepSoonAsync();
    }

    /// <summary>Takes a report of a test of what stands in the form.</summary>
    protected void Tested(ValidationReport report) => _form.Tested(report);

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
    protected Task MergeAsync(IReadOnlyCollection<string> yielded) => ContinueAsync(_form.Merged(DraftOf(_theirs!), yielded));

    /// <summary>Goes on with what is stored, and drops mine.</summary>
    protected Task DiscardAsync() => ContinueAsync(DraftOf(_theirs ?? Base!));

    /// <summary>Closes the dialog; what would be lost is asked about first.</summary>
    protected async Task LeaveAsync()
    {
        if (await MayLeaveAsync())
        {
            await _keeper.EndAsync();
            Dialog.Cancel();
        }
    }

    /// <summary>The same when a link is followed.</summary>
    protected async Task BeforeLeavingAsync(LocationChangingContext leaving)
    {
        if (!IsDirty || Saving)
        {
            return;
        }

        leaving.PreventNavigation();
        if (await MayLeaveAsync())
        {
            await _keeper.EndAsync();
            Dialog.Cancel();
            Navigation.NavigateTo(leaving.TargetLocation);
        }
    }

    /// <summary>The text of an input.</summary>
    protected static string Text(object? typed) => typed as string ?? "";

    /// <summary>A secret that was typed, or null.</summary>
    protected static SecretChange? Typed(SecretChange? change) => change is { Kind: SecretChangeKind.Replace } ? change : null;

    /// <summary>The text of an input, or null when it is empty.</summary>
    protected static string? Some(object? typed) => typed is string { Length: > 0 } text ? text : null;

    // What was restored on purpose counts more than what was typed before.
    private async Task GoOnAsync(string id)
    {
        var kept = await _keeper.OpenStoredAsync(id, ignore: Restored is not null, Closing);
        if (Restored is not null)
        {
            _form.Take(Fit(Restored.Settings));
        }
        else if (kept is not null)
        {
            _form.Begin(Fit(kept.Before), kept.Revision, Before = Fit(kept.After));
            if (kept.Revision != BaseRevision)
            {
                await ShowConflictAsync(id, Base!, _form.Theirs(DraftOf(Base!)));
            }
        }
    }

    private async Task KeepSoonAsync()
    {
        if (await _keeper.KeepSoonAsync(() => _form.Unsaved, Closing))
        {
            StateHasChanged();
        }
    }

    private Task ContinueAsync(TDraft draft)
    {
        (Base, _theirs, Conflict, _form.Errors) = (_theirs ?? Base, null, null, []);
        _form.Begin(DraftOf(Base!), BaseRevision, draft);
        _keeper.Forget();
        return _keeper.KeepAsync(_form.Unsaved, CancellationToken.None);
    }

    private async Task<bool> MayLeaveAsync() => !IsDirty
        || await Confirmations.InterruptAsync("Leave without saving?", $"What you {(Base is null ? "filled in" : $"changed of {What}")} is not saved and will be lost.", "Leave without saving");

    private async Task StoreAsync()
    {
        var result = await StoreAsync(Restart && ClusterDiff.TouchesTasks(Lines) && Tasks.Any(task => task.Running));
        switch (result.Outcome)
        {
            case CommandOutcome.Accepted:
                await _keeper.EndAsync();
                Notices.Show(result, What, Base is null ? $"{What} registered" : $"{What} saved");
                await AfterSaveAsync(result);
                Dialog.Close(DialogResult.Ok(new SavedCluster(result.Id ?? BaseId!, _form.Test)));
                break;
            case CommandOutcome.Invalid:
                _form.Errors = result.Errors;
                break;
            case CommandOutcome.Conflict when BaseId is { } id && await FindAsync(id) is { } theirs:
                await ShowConflictAsync(id, theirs, Compare(Base!, theirs));
                break;
            default:
                Refusal = result.Text;
                break;
        }
    }

    private async Task ShowConflictAsync(string id, TView theirs, IReadOnlyList<DiffLine> changes)
    {
        var (_, number, at) = Identify(theirs);
        var actor = (await SaversAsync(id)).FirstOrDefault(one => one.Number == number).Actor;
        _theirs = theirs;
        Conflict = new(actor, number, at, changes, _form.Clashes(DraftOf(theirs)));
    }
}
