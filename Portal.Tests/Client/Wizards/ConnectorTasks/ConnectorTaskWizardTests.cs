using Portal.Client.Contracts;
using Portal.Client.Wizards.ConnectorTasks;
using Portal.Tests.Fakes;

namespace Portal.Tests.Client.Wizards.ConnectorTasks;

public class ConnectorTaskWizardTests
{
    private readonly FakeConnectorTaskService _tasks = new();

    [Fact]
    public void Steps_EveryFieldOfADraft_BelongsToASection()
    {
        var lost = typeof(ConnectorTaskDraft).GetProperties()
            .Select(property => property.Name)
            .Where(name => ConnectorTaskSteps.Of(name) == ConnectorTaskStep.Review);

        Assert.Empty(lost);
    }

    [Theory]
    [InlineData("Topics[12]", ConnectorTaskStep.Source)]
    [InlineData("AutoCreate.Partitions", ConnectorTaskStep.Target)]
    [InlineData("TopicMap[0].Topic", ConnectorTaskStep.Target)]
    [InlineData("", ConnectorTaskStep.Review)]
    public void Steps_NestedField_BelongsToTheSectionOfItsMember(string field, ConnectorTaskStep step) =>
        Assert.Equal(step, ConnectorTaskSteps.Of(field));

    [Fact]
    public void FromSlug_UnknownStep_IsNull()
    {
        Assert.Equal(ConnectorTaskStep.Mapping, ConnectorTaskSteps.FromSlug("mapping"));
        Assert.Null(ConnectorTaskSteps.FromSlug("finish"));
    }

    [Fact]
    public async Task Start_NothingLeft_CountsNoErrors()
    {
        var wizard = await WizardAsync(new FieldError("Name", "Fill in a name."));

        Assert.All(wizard.Steps, step => Assert.Equal(0, step.Errors));
    }

    [Fact]
    public async Task MayGoOn_StepWithErrors_StaysAndShowsAllOfThem()
    {
        var wizard = await WizardAsync(
            new FieldError("Name", "Fill in a name."), new FieldError("Description", "Too long."), new FieldError("Topics", "Add one."));

        Assert.False(wizard.MayGoOn());

        Assert.Contains(new FieldError("Name", "Fill in a name."), wizard.Form.Shown);
        Assert.Contains(new FieldError("Description", "Too long."), wizard.Form.Shown);
        Assert.Equal([2, 0, 0, 0, 0], wizard.Steps.Select(step => step.Errors));
    }

    [Fact]
    public async Task GoTo_Review_CountsTheErrorsOfEveryStep()
    {
        var wizard = await WizardAsync(
            new FieldError("Name", "Fill in a name."), new FieldError("Topics", "Add one."), new FieldError("Topic", "Choose one."));

        wizard.GoTo(ConnectorTaskStep.Review);

        Assert.Equal([1, 1, 0, 1, 0], wizard.Steps.Select(step => step.Errors));
        Assert.False(wizard.IsComplete);
    }

    [Fact]
    public async Task GoTo_NextStep_MarksTheOneLeftAsDone()
    {
        var wizard = await WizardAsync();

        wizard.GoTo(ConnectorTaskStep.Source);

        Assert.True(wizard.Steps[0].IsDone);
        Assert.True(wizard.Steps[1].IsCurrent);
        Assert.Equal(ConnectorTaskStep.Basics, wizard.Previous);
        Assert.Equal(ConnectorTaskStep.Mapping, wizard.Next);
        Assert.True(wizard.IsComplete);
    }

    private async Task<ConnectorTaskWizard> WizardAsync(params FieldError[] errors)
    {
        _tasks.Check = _ => errors;
        var wizard = new ConnectorTaskWizard(new ConnectorTaskForm(_tasks, null, new ConnectorTaskDraft()));
        await wizard.Form.CheckAsync(CancellationToken.None);
        return wizard;
    }
}
