using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Client.Components.Feedback;
using Portal.Client.Components.Forms;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Wizards;
using Portal.Client.Wizards.ConnectorTasks;

namespace Portal.Client.Pages.ConnectorTasks.Create;

/// <summary>
/// The task wizard. Its steps stand in the address, so that Back works; what is filled in is checked and kept shortly after each change, so
/// that a walk to the connection wizard, a reload or a restart of the server lose nothing.
/// </summary>
public partial class ConnectorTaskCreate
{
    private const string DraftName = "task";
    private const string Start = "/tasks/new";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private SettingChoices _choices = default!;
    private ConnectorTaskWizard? _wizard;
    private DateTimeOffset? _keptAt;
    private int _changes;
    private bool _restored;
    private bool _creating;
    private bool _done;
    private string? _failure;
    private string? _why;

    /// <summary>The step, as in the address.</summary>
    [Parameter]
    public string? Slug { get; set; }

    /// <summary>The connection to begin with.</summary>
    [SupplyParameterFromQuery(Name = "conn")]
    public string? ConnectionId { get; set; }

    /// <summary>The task to copy.</summary>
    [SupplyParameterFromQuery(Name = "copy")]
    public string? CopyOf { get; set; }

    [Inject]
    private IConnectorTaskService Service { get; set; } = default!;

    [Inject]
    private IConnectionService Connections { get; set; } = default!;

    [Inject]
    private IClusterService Clusters { get; set; } = default!;

    [Inject]
    private WizardDrafts Drafts { get; set; } = default!;

    [Inject]
    private Permissions Permissions { get; set; } = default!;

    [Inject]
    private Notices Notices { get; set; } = default!;

    [Inject]
    private RegionState Regions { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Browser { get; set; } = default!;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _choices = new SettingChoices(Connections, Clusters);
        _why = await Permissions.WhyReadOnlyAsync();
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_wizard is { } wizard)
        {
            wizard.GoTo(ConnectorTaskSteps.FromSlug(Slug) ?? ConnectorTaskStep.Basics);
            _ = ListTopicsAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Not before: the kept draft is the browser's.
        if (firstRender)
        {
            await LoadAsync();
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask CloseAsync()
    {
        if (_wizard is { } wizard && !_done && _changes > 0)
        {
            await Drafts.KeepAsync(DraftName, wizard.Form.Draft);
        }
    }

    private static string Title(ConnectorTaskStep step) => step switch
    {
        ConnectorTaskStep.Basics => "What it is called",
        ConnectorTaskStep.Source => "Where messages come from",
        ConnectorTaskStep.Mapping => "How a message becomes a record",
        _ => "Where records go",
    };

    private static string Href(ConnectorTaskStep step) => step == ConnectorTaskStep.Basics ? Start : $"{Start}/{step.Slug()}";

    private static WizardStep[] Header(ConnectorTaskWizard wizard) =>
        [.. wizard.Steps.Select(step => new WizardStep(step.Step.ToString(), Href(step.Step), step.Errors > 0, step.Errors))];

    private async Task LoadAsync()
    {
        try
        {
            await _choices.LoadAsync(Closing);
            _failure = null;
            await BeginAsync(await FirstDraftAsync());
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception.Message;
        }

        StateHasChanged();
    }

    private async Task<ConnectorTaskDraft> FirstDraftAsync()
    {
        var draft = CopyOf is null ? await Drafts.FindAsync<ConnectorTaskDraft>(DraftName) : await CopyAsync(CopyOf);
        // Whoever comes back from making a connection never left in his own mind: nothing is to be said then.
        _restored = draft is not null && CopyOf is null && ConnectionId is null;
        draft ??= FreshDraft();
        return ConnectionId is { Length: > 0 } connection ? draft with { ConnectionId = connection } : draft;
    }

    // With a single connection or instance there is nothing to choose.
    private ConnectorTaskDraft FreshDraft() => new()
    {
        ConnectionId = _choices.Connections is [var connection] ? connection.Id : "",
        KafkaInstanceId = _choices.KafkaInstances is [var instance] ? instance.Id : "",
    };

    private async Task<ConnectorTaskDraft?> CopyAsync(string id)
    {
        if (await Service.FindAsync(id, Closing) is not { } task)
        {
            Notices.Fail("Copy task: it is gone", $"There is no task {id} any more. This is an empty form.");
            return null;
        }

        var name = task.Settings.Name;
        return task.Settings with { Name = $"{name[..Math.Min(name.Length, 59)]}-copy" };
    }

    private async Task BeginAsync(ConnectorTaskDraft draft)
    {
        var form = new ConnectorTaskForm(Service, null, draft);
        form.Changed += OnChanged;
        _wizard = new ConnectorTaskWizard(form);
        await form.CheckAsync(Closing);
        _wizard.GoTo(ConnectorTaskSteps.FromSlug(Slug) ?? ConnectorTaskStep.Basics);
        await _choices.LoadTopicsAsync(draft.KafkaInstanceId, Closing);
        if (CopyOf is not null || ConnectionId is not null)
        {
            // Taken over: a reload shall bring back the draft and not begin anew.
            _changes++;
            await Drafts.KeepAsync(DraftName, draft);
            Navigation.NavigateTo(Href(_wizard.Step), new NavigationOptions { ReplaceHistoryEntry = true });
        }
    }

    private void OnChanged()
    {
        StateHasChanged();
        _ = SettleAsync(++_changes);
    }

    private async Task SettleAsync(int change)
    {
        try
        {
            await Task.Delay(Pause, Clock, Closing);
            if (change == _changes && _wizard is { } wizard)
            {
                await wizard.Form.CheckAsync(Closing);
                wizard.RevealLeft();
                await Drafts.KeepAsync(DraftName, wizard.Form.Draft);
                _keptAt = Clock.GetUtcNow();
                StateHasChanged();
                await ListTopicsAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left; leaving keeps the draft.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task ListTopicsAsync()
    {
        if (_wizard is { Step: ConnectorTaskStep.Target } wizard
            && await _choices.LoadTopicsAsync(wizard.Form.Draft.KafkaInstanceId, Closing))
        {
            StateHasChanged();
        }
    }

    private async Task NextAsync()
    {
        var wizard = _wizard!;
        await wizard.Form.CheckAsync(Closing);
        if (wizard.MayGoOn() && wizard.Next is { } next)
        {
            Navigation.NavigateTo(Href(next));
        }
        else
        {
            StateHasChanged();
            await Browser.InvokeVoidAsync("portal.focus", "main [aria-invalid=true]");
        }
    }

    private async Task CreateAsync(bool paused)
    {
        var form = _wizard!.Form;
        _creating = true;
        var result = await Service.CreateAsync(form.Draft, paused, CancellationToken.None);
        _creating = false;
        if (result.Outcome == CommandOutcome.Invalid)
        {
            form.Take(result.Errors);
            form.RevealAll();
        }
        else if (Notices.Show(result, "Create task", $"Task {form.Draft.Name} created", () => CreateAsync(paused)))
        {
            _done = true;
            await Drafts.DropAsync(DraftName);
            Navigation.NavigateTo($"/tasks/{result.Id}");
        }
    }

    private async Task StartOverAsync()
    {
        await Drafts.DropAsync(DraftName);
        (_keptAt, _restored, _changes) = (null, false, 0);
        await BeginAsync(FreshDraft());
        Navigation.NavigateTo(Start);
    }
}
