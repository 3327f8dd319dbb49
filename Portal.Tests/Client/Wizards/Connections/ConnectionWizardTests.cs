using Portal.Client.Contracts;
using Portal.Client.Wizards.Connections;
using Portal.Tests.Fakes;

namespace Portal.Tests.Client.Wizards.Connections;

public class ConnectionWizardTests
{
    private readonly FakeConnectionService _service = new();
    private readonly ConnectionWizard _wizard;

    public ConnectionWizardTests() => _wizard = new ConnectionWizard(_service);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void GoTo_BeforeTheTypeIsChosen_StaysAtTheType()
    {
        Assert.Equal(ConnectionStep.Type, _wizard.GoTo(ConnectionStep.Validate));

        _wizard.ChooseType();

        Assert.Equal(ConnectionStep.Configure, _wizard.GoTo(ConnectionStep.Validate));
    }

    [Fact]
    public async Task Check_WithErrors_ShowsAllAndDoesNotLeadOn()
    {
        _service.Check = _ => [new("Name", "Give it a name."), new("MqttClusterId", "Choose a cluster.")];
        _wizard.ChooseType();

        Assert.False(await _wizard.CheckAsync(Stop));

        Assert.Equal(2, _wizard.Errors.Count);
        Assert.Equal(ConnectionStep.Configure, _wizard.GoTo(ConnectionStep.Validate));
    }

    [Fact]
    public async Task Edit_AFieldWithAnError_TakesThatErrorAwayAndNoOther()
    {
        _service.Check = _ => [new("Name", "Give it a name."), new("MqttClusterId", "Choose a cluster.")];
        await _wizard.CheckAsync(Stop);

        _wizard.Edit(_wizard.Draft with { Name = "gz-prod" });

        Assert.Equal(["MqttClusterId"], _wizard.Errors.Select(error => error.Field));
    }

    [Fact]
    public async Task CheckField_OthersWrongToo_ShowsOnlyTheFieldThatWasLeft()
    {
        _service.Check = _ => [new("Name", "It is taken."), new("MqttClusterId", "Choose a cluster.")];

        await _wizard.CheckFieldAsync("Name", Stop);

        Assert.Equal(["Name"], _wizard.Errors.Select(error => error.Field));
    }

    [Fact]
    public async Task Create_BeforeTheValidationPassed_IsRefusedAndNotSent()
    {
        await ReadyAsync(ValidationState.Failed);

        Assert.False(_wizard.MayCreate);
        Assert.Equal(CommandOutcome.Refused, (await _wizard.CreateAsync(Stop)).Outcome);
        Assert.Empty(_service.Commands);
    }

    [Fact]
    public async Task Create_AfterAllPassed_SendsTheDraft()
    {
        await ReadyAsync(ValidationState.Passed);
        _service.Answer = CommandResult.Accepted("resource-new");

        Assert.True(_wizard.MayCreate);
        await _wizard.CreateAsync(Stop);

        Assert.Equal("resource-new", _wizard.CreatedId);
        Assert.Equal(SampleConnections.Draft, _service.Saved);
        Assert.False(_wizard.IsDirty);
    }

    [Fact]
    public async Task Edit_AfterAllPassed_HasToBeValidatedAgain()
    {
        await ReadyAsync(ValidationState.Passed);

        _wizard.Edit(_wizard.Draft with { UserName = "other" });

        Assert.False(_wizard.MayCreate);
        Assert.Null(_wizard.Report);
        Assert.Equal(ConnectionStep.Configure, _wizard.GoTo(ConnectionStep.Validate));
    }

    [Fact]
    public async Task Take_ReportOfAnOlderDraft_CountsForNothing()
    {
        await ReadyAsync(ValidationState.Passed);
        _wizard.Edit(_wizard.Draft with { UserName = "other" });

        _wizard.Take(SampleConnections.Report());

        Assert.Null(_wizard.Report);
    }

    [Fact]
    public async Task Create_NameTakenMeanwhile_LeadsBackToTheField()
    {
        await ReadyAsync(ValidationState.Passed);
        _service.Answer = CommandResult.Invalid([new("Name", "It is taken.")]);

        await _wizard.CreateAsync(Stop);

        Assert.Equal(ConnectionStep.Configure, _wizard.Step);
        Assert.Equal("It is taken.", Assert.Single(_wizard.Errors).Text);
        Assert.Null(_wizard.CreatedId);
    }

    [Fact]
    public void StartFrom_Another_TakesItsSettingsButNoSecret()
    {
        _wizard.StartFrom(SampleConnections.Connection());

        Assert.Equal("gz-prod-copy", _wizard.Draft.Name);
        Assert.Equal("ckafka_connector", _wizard.Draft.UserName);
        Assert.Equal(SecretChange.Keep, _wizard.Draft.Password);
    }

    [Fact]
    public void StartFrom_ANameOfFullLength_StaysWithinTheRule()
    {
        _wizard.StartFrom(SampleConnections.Connection(name: new string('a', 128)));

        Assert.Equal(128, _wizard.Draft.Name.Length);
    }

    private async Task ReadyAsync(ValidationState second)
    {
        _wizard.ChooseType();
        _wizard.Edit(SampleConnections.Draft);
        Assert.True(await _wizard.CheckAsync(Stop));
        Assert.Equal(ConnectionStep.Validate, _wizard.GoTo(ConnectionStep.Validate));
        _service.Report(SampleConnections.Report(second));
        await foreach (var report in _wizard.ValidateAsync(Stop))
        {
            _wizard.Take(report);
        }
    }
}
