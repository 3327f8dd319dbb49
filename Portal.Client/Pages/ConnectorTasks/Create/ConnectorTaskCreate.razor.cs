using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Client.Components.Feedback;
using Portal.Client.Components.Forms;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Wizards;
using Portal.Client.Wizards.ConnectorTasks;
using Portal.Client.Wizards.ConnectorTasks.Samples;

namespace Portal.Client.Pages.ConnectorTasks.Create;

/// <summary>
/// The task wizard. Its draft and its step stand in the address, so that Back works and a link leads back here; what is filled in is checked
/// and saved shortly after each change and with each step, so that a walk elsewhere, a reload or a restart of the server lose nothing.
/// </summary>
public partial class ConnectorTaskCreate
{
    private const string Start = "/tasks/new";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private SettingChoices _choices = default!;
    private DraftKeeper<ConnectorTaskDraft> _draft = default!;
    private SampleBench _bench = default!;
    private ConnectorTaskWizard? _wizard;
    private int _changes;
    private bool _interactive;
    private bool _restored;
    private bool _creating;
    private bool _isOnItsWay;
    private bool _done;
    private string? _failure;
    private string? _why;
    private string? _gone;

    /// <summary>The draft; nothing, or only a step, for one that begins.</summary>
    [Parameter]
    public string? DraftId { get; set; }

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
    private IDraftService Drafts { get; set; } = default!;

    [Inject]
    private ISamplingService Sampling { get; set; } = default!;

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
        _draft = new DraftKeeper<ConnectorTaskDraft>(Drafts, Clock);
        _bench = new SampleBench(Sampling);
        _why = await Permissions.WhyReadOnlyAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        // Route and query may come one after the other: what does not stand in the address together is not acted on.
        if (_wizard is not { } wizard || DraftAddress.Id(Navigation) != DraftId)
        {
            return;
        }

        var isOther = _gone is not null ? AskedId != _gone : AskedId is null ? _draft.SavedAt is not null : AskedId != _draft.Id;
        if (isOther)
        {
            await SaveAsync();
            await LoadAsync();
            return;
        }

        _isOnItsWay = false;
        wizard.GoTo(Step);
        if (AskedId is not null)
        {
            await SaveAsync();
        }

        await ListTopicsAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Not before: while the page is prerendered nothing can be filled in, and what is read would be read twice.
        if (firstRender && _why is null)
        {
            _interactive = true;
            await LoadAsync();
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask CloseAsync()
    {
        if (_interactive && _changes > 0)
        {
            await SaveAsync(CancellationToken.None);
        }
    }

    private ConnectorTaskStep Step => ConnectorTaskSteps.FromSlug(Slug ?? DraftId) ?? ConnectorTaskStep.Basics;

    // /tasks/new/target is a new draft that begins with its target.
    private string? AskedId => ConnectorTaskSteps.FromSlug(DraftId) is null ? DraftId : null;

    private static string Title(ConnectorTaskStep step) => step switch
    {
        ConnectorTaskStep.Basics => "What it is called",
        ConnectorTaskStep.Source => "Where messages come from",
        ConnectorTaskStep.Mapping => "How a message becomes a record",
        _ => "Where records go",
    };

    private static bool ShowsSamples(ConnectorTaskStep step) => step is ConnectorTaskStep.Source or ConnectorTaskStep.Mapping or ConnectorTaskStep.Target;

    private string Href(ConnectorTaskStep step) => $"{Start}/{_draft.Id}/{step.Slug()}";

    private WizardStep[] Header(ConnectorTaskWizard wizard) =>
        [.. wizard.Steps.Select(step => new WizardStep(step.Step.ToString(), Href(step.Step), step.Errors > 0, step.Errors))];

    private async Task LoadAsync()
    {
        try
        {
            await _choices.LoadAsync(Closing);
            _failure = null;
            await BeginAsync(await FirstDraftAsync(), Step);
            await SettleAddressAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception.Message;
        }

        StateHasChanged();
    }

    private async Task<ConnectorTaskDraft> FirstDraftAsync()
    {
        (_gone, _restored, _changes) = (null, false, 0);
        ConnectorTaskDraft? draft = null;
        if (AskedId is null)
        {
            _draft.BeginNew();
            draft = CopyOf is null ? null : await CopyAsync(CopyOf);
        }
        else if (await _draft.OpenAsync(AskedId, Closing) is { } found)
        {
            // Whoever comes back from making a connection never left in his own mind: nothing is to be said then.
            (draft, _restored) = (found.Content, ConnectionId is null);
        }
        else
        {
            _gone = DraftId;
            _draft.BeginNew();
        }

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

    private async Task BeginAsync(ConnectorTaskDraft draft, ConnectorTaskStep step)
    {
        var form = new ConnectorTaskForm(Service, null, draft);
        form.Changed += OnChanged;
        _wizard = new ConnectorTaskWizard(form);
        await form.CheckAsync(Closing);
        _wizard.GoTo(step);
        await _choices.LoadTopicsAsync(draft.KafkaInstanceId, Closing);
    }

    private async Task SettleAddressAsync()
    {
        if (_gone is not null)
        {
            return;
        }

        if (CopyOf is not null || ConnectionId is not null)
        {
            // Taken over: a reload shall bring back the draft and not begin anew.
            _changes++;
            await SaveAsync();
            Replace(Href(_wizard!.Step));
        }
        else if (AskedId is not null && Slug is null)
        {
            Replace(Href(_wizard!.Step));
        }
    }

    private void Replace(string address) => Navigation.NavigateTo(address, new NavigationOptions { ReplaceHistoryEntry = true });

    private Task SaveAsync() => SaveAsync(Closing);

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (_wizard is { } wizard && !_done && _gone is null)
        {
            await _draft.SaveAsync(wizard.Form.Draft, wizard.Step.Slug(), cancellationToken);
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
                await SaveAsync();
                StateHasChanged();
                if (DraftId != _draft.Id && _draft.SavedAt is not null && !_isOnItsWay)
                {
                    Replace(Href(wizard.Step));
                }

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
            // The browser has to answer before the address changes here; a draft that is saved meanwhile must not call it back to this step.
            _isOnItsWay = true;
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
        if (_creating)
        {
            return;
        }

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
            await _draft.DropAsync(CancellationToken.None);
            // In the place of the draft, which a reload, a bookmark or Back would look for in vain.
            Replace($"/tasks/{result.Id}");
        }
    }

    private async Task StartOverAsync()
    {
        await _draft.DropAsync(CancellationToken.None);
        _draft.BeginNew();
        (_gone, _restored, _changes) = (null, false, 0);
        Navigation.NavigateTo(Start);
        await BeginAsync(FreshDraft(), ConnectorTaskStep.Basics);
    }
}
