using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Components.Review;
using Portal.Client.Contracts;
using Portal.Client.Wizards;
using Portal.Client.Wizards.ConnectorTasks;

namespace Portal.Client.Pages.ConnectorTasks.Detail;

/// <summary>
/// The form of a stored task: the same sections as in the wizard, a review that says what saving does, and a choice when somebody was
/// faster.
/// </summary>
public partial class TaskEdit
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private ConnectorTaskView _stored = default!;
    private ConnectorTaskForm _form = default!;
    private SettingChoices _choices = default!;
    private ConnectorTaskView? _conflict;
    private string? _conflictBy;
    private Revision<ConnectorTaskDraft>? _restored;
    private ValidationCard? _check;
    private EditKeeper<ConnectorTaskDraft> _keeper = default!;
    private DateTimeOffset? _keptAt;
    private string? _failure;
    private bool _loaded;
    private bool _leaving;
    private int _changes;

    /// <summary>The task as stored when the form was opened.</summary>
    [Parameter, EditorRequired]
    public ConnectorTaskView Task { get; set; } = default!;

    /// <summary>Why nothing may be changed, or null.</summary>
    [Parameter]
    public string? Why { get; set; }

    /// <summary>Called after a change was saved.</summary>
    [Parameter]
    public EventCallback Saved { get; set; }

    /// <summary>The revision whose settings stand in the form at first, or null for the present ones.</summary>
    [SupplyParameterFromQuery(Name = "restore")]
    private long? Restore { get; set; }

    [Inject]
    private IDraftService Drafts { get; set; } = default!;

    [Inject]
    private IRevisionService Revisions { get; set; } = default!;

    [Inject]
    private IConnectorTaskService Service { get; set; } = default!;

    [Inject]
    private IConnectionService Connections { get; set; } = default!;

    [Inject]
    private IClusterService Clusters { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private Confirmations Confirmations { get; set; } = default!;

    [Inject]
    private Notices Notices { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Browser { get; set; } = default!;

    private SettingsChange Change => SettingsChange.Between(_stored.Settings, NamesOf(_stored), _form.Draft, _choices.NamesOf(_form.Draft));

    private bool IsDirty => _loaded && Change.Effect != ChangeEffect.None;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _stored = Task;
        _choices = new SettingChoices(Connections, Clusters);
        _keeper = new EditKeeper<ConnectorTaskDraft>(Drafts);
        Begin(_stored.Settings);
        await LoadAsync();
    }

    /// <inheritdoc/>
    // The last quarter of a second before a circuit goes: what was typed in it is kept too.
    protected override async ValueTask CloseAsync()
    {
        if (_changes > 0)
        {
            await KeepAsync(CancellationToken.None);
        }
    }

    private static SettingNames NamesOf(ConnectorTaskView task) => new(task.ConnectionName, task.KafkaInstanceName);

    private static IReadOnlyList<DiffLine> Lines(SettingsChange change) =>
        [.. change.Lines.Select(line => new DiffLine(line.Label, line.Before, line.After))];

    private async Task LoadAsync()
    {
        try
        {
            await _choices.LoadAsync(Closing);
            if (Restore is { } number && _restored is null)
            {
                _restored = (await Revisions.OfTaskAsync(Task.Id, Closing)).FirstOrDefault(revision => revision.Number == number);
                Begin(_restored?.Settings ?? _stored.Settings);
            }
            else if (Why is null && await _keeper.OpenAsync(Task.Id, Closing) is { } kept)
            {
                await GoOnWithAsync(kept);
            }

            (_loaded, _failure) = (true, null);
            await _choices.LoadTopicsAsync(_form.Draft.KafkaInstanceId, Closing);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception.Message;
        }
    }

    private async Task GoOnWithAsync(KeptDraft<EditDraft<ConnectorTaskDraft>> kept)
    {
        if (kept.Content.Revision != _stored.Revision)
        {
            // Somebody saved meanwhile: the same choice as if it had happened under an open form.
            var names = _choices.NamesOf(kept.Content.Before);
            await ShowConflictAsync(_stored);
            _stored = _stored with
            {
                Revision = kept.Content.Revision,
                Settings = kept.Content.Before,
                ConnectionName = names.Connection,
                KafkaInstanceName = names.KafkaInstance,
            };
        }

        Begin(kept.Content.After);
        _keptAt = kept.Summary.SavedAt;
    }

    private Task KeepAsync(CancellationToken cancellationToken) => Why is null && _loaded && !_leaving
        ? _keeper.KeepAsync(IsDirty ? new(_stored.Revision, _stored.Settings, _form.Draft) : null, cancellationToken)
        : System.Threading.Tasks.Task.CompletedTask;

    private async Task DiscardAsync()
    {
        _stored = _conflict ?? _stored;
        (_keptAt, _conflict) = (null, null);
        Begin(_stored.Settings);
        await KeepAsync(Closing);
    }

    private async Task ShowConflictAsync(ConnectorTaskView theirs)
    {
        _conflictBy = (await Revisions.OfTaskAsync(theirs.Id, CancellationToken.None)).FirstOrDefault(revision => revision.Number == theirs.Revision)?.Actor;
        _conflict = theirs;
    }

    private void Begin(ConnectorTaskDraft draft)
    {
        _form = new ConnectorTaskForm(Service, Task.Id, draft);
        _form.Changed += OnChanged;
    }

    private void OnChanged()
    {
        _check?.Forget();
        StateHasChanged();
        _ = SettleAsync(++_changes);
    }

    private async Task SettleAsync(int change)
    {
        try
        {
            await System.Threading.Tasks.Task.Delay(Pause, Clock, Closing);
            if (change == _changes)
            {
                await _form.CheckAsync(Closing);
                await KeepAsync(Closing);
                StateHasChanged();
                if (await _choices.LoadTopicsAsync(_form.Draft.KafkaInstanceId, Closing))
                {
                    StateHasChanged();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task ReviewAsync()
    {
        await _form.CheckAsync(Closing);
        _form.RevealAll();
        if (_form.Errors.Count > 0)
        {
            StateHasChanged();
            await Browser.InvokeVoidAsync("portal.focus", "main [aria-invalid=true]");
            return;
        }

        // As it is now: somebody may have resumed it since the form was opened, which is no new revision.
        var runs = Task.Asked == AskedState.Running;
        var parameters = new DialogParameters<TaskSaveDialog>
        {
            { dialog => dialog.Name, _form.Draft.Name },
            { dialog => dialog.Lines, Lines(Change) },
            { dialog => dialog.Effect, Change.Effect },
            { dialog => dialog.Consequence, runs ? Change.Consequence : "The task is paused: it takes the new settings when it is resumed." },
            { dialog => dialog.Runs, runs },
        };
        var dialog = await Dialogs.ShowAsync<TaskSaveDialog>(null, parameters);
        if (await dialog.Result is { Canceled: false })
        {
            await SaveAsync();
        }
    }

    private async Task SaveAsync()
    {
        var result = await Service.UpdateAsync(_stored.Id, _stored.Revision, _form.Draft, CancellationToken.None);
        switch (result.Outcome)
        {
            case CommandOutcome.Conflict when await Service.FindAsync(_stored.Id, CancellationToken.None) is { } theirs:
                await ShowConflictAsync(theirs);
                break;
            case CommandOutcome.Invalid:
                _form.Take(result.Errors);
                _form.RevealAll();
                break;
            default:
                if (Notices.Show(result, $"Save task {_form.Draft.Name}", $"Task {_form.Draft.Name} saved", SaveAsync))
                {
                    _leaving = true;
                    await _keeper.KeepAsync(null, CancellationToken.None);
                    await Saved.InvokeAsync();
                }

                break;
        }
    }

    private async Task ReloadAsync(ConnectorTaskView theirs, ConnectorTaskDraft draft)
    {
        (_stored, _conflict, _keptAt) = (theirs, null, null);
        Begin(draft);
        await _form.CheckAsync(Closing);
        await KeepAsync(Closing);
    }

    private async Task BeforeLeavingAsync(LocationChangingContext leaving)
    {
        if (_leaving || !IsDirty || Why is not null)
        {
            return;
        }

        leaving.PreventNavigation();
        var cost = $"What you changed of {_stored.Settings.Name} is not saved and will be lost.";
        if (await Confirmations.InterruptAsync("Leave without saving?", cost, "Leave without saving"))
        {
            _leaving = true;
            await _keeper.KeepAsync(null, CancellationToken.None);
            Navigation.NavigateTo(leaving.TargetLocation);
        }
    }
}
