using Portal.Client.Contracts;
using Portal.Client.Wizards.ConnectorTasks;
using Portal.Tests.Fakes;

namespace Portal.Tests.Client.Wizards.ConnectorTasks;

public class ConnectorTaskFormTests
{
    private readonly FakeConnectorTaskService _tasks = new();

    [Fact]
    public async Task Form_NothingTouched_KnowsAllErrorsAndShowsNone()
    {
        _tasks.Check = _ => [new("Name", "Fill in a name."), new("Topics", "Add a topic.")];
        var form = Form();

        await form.CheckAsync(CancellationToken.None);

        Assert.Equal(2, form.Errors.Count);
        Assert.DoesNotContain(form.Shown, error => error.Field == "Name");
    }

    [Fact]
    public async Task Change_Field_ShowsItsErrorAndNoOther()
    {
        _tasks.Check = draft => [new("Name", $"“{draft.Name}” is taken."), new("Topics", "Add a topic.")];
        var form = Form();

        form.Change(nameof(ConnectorTaskDraft.Name), draft => draft with { Name = "a" });
        await form.CheckAsync(CancellationToken.None);

        Assert.Contains(new FieldError("Name", "“a” is taken."), form.Shown);
        Assert.DoesNotContain(form.Shown, error => error.Field == "Topics");
    }

    [Fact]
    public async Task Reveal_Step_ShowsAllErrorsOfThatStep()
    {
        _tasks.Check = _ => [new("Topics[1]", "“#” must be last."), new("Filter", "Column 4: a value is missing."), new("Topic", "Choose a topic.")];
        var form = Form();
        await form.CheckAsync(CancellationToken.None);

        form.Reveal(ConnectorTaskStep.Source);

        Assert.Contains(new FieldError("Topics[1]", "“#” must be last."), form.Shown);
        Assert.Contains(form.Shown, error => error.Field == "Filter");
        Assert.DoesNotContain(form.Shown, error => error.Field == "Topic");
    }

    [Theory]
    [InlineData("four", "“four” is not a whole number: write digits only.")]
    [InlineData(" ", "Nothing is filled in: write digits only.")]
    [InlineData("1.5", "“1.5” is not a whole number: write digits only.")]
    public async Task ChangeNumber_NotANumber_StandsAsErrorAndKeepsTheLast(string typed, string error)
    {
        var form = Form();
        form.ChangeNumber("Clients", "4", (draft, number) => draft with { Clients = number });

        form.ChangeNumber("Clients", typed, (draft, number) => draft with { Clients = number });
        await form.CheckAsync(CancellationToken.None);

        Assert.Contains(new FieldError("Clients", error), form.Shown);
        Assert.Equal(4, form.Draft.Clients);
    }

    [Theory]
    [InlineData("AutoCreate.Partitions", "AutoCreate")]
    [InlineData("FixedPartition", "Partitioning")]
    public async Task ChangeNumber_NotANumberAndItsFieldGoes_BarsTheWayNoLonger(string field, string choice)
    {
        var form = Form();
        form.ChangeNumber(field, "", (draft, _) => draft);

        form.Change(choice, draft => draft);
        await form.CheckAsync(CancellationToken.None);

        Assert.Empty(form.Errors);
    }

    [Fact]
    public async Task ChangeNumber_Mended_TakesTheErrorAway()
    {
        var form = Form();
        form.ChangeNumber("Clients", "x", (draft, number) => draft with { Clients = number });

        form.ChangeNumber("Clients", "8", (draft, number) => draft with { Clients = number });
        await form.CheckAsync(CancellationToken.None);

        Assert.Empty(form.Errors);
        Assert.Equal(8, form.Draft.Clients);
    }

    [Fact]
    public void AddTopics_PastedText_SplitsAndKeepsEachOnce()
    {
        var form = Form();
        form.AddTopics("plant/line7/#");

        form.AddTopics(" fleet/+/gps, plant/line7/# ,\n city/north/plates ,");

        Assert.Equal(["plant/line7/#", "fleet/+/gps", "city/north/plates"], form.Draft.Topics);
    }

    [Fact]
    public void RemoveTopic_Index_LeavesTheOthers()
    {
        var form = Form();
        form.AddTopics("a, b, c");

        form.RemoveTopic(1);

        Assert.Equal(["a", "c"], form.Draft.Topics);
    }

    [Fact]
    public async Task Check_OvertakenByANewerOne_IsDropped()
    {
        var slow = new TaskCompletionSource();
        _tasks.Check = draft => draft.Name.Length == 0 ? [new("Name", "Fill in a name.")] : [];
        var form = Form();

        _tasks.CheckGate = slow.Task;
        var older = form.CheckAsync(CancellationToken.None);
        _tasks.CheckGate = Task.CompletedTask;
        form.Change("Name", draft => draft with { Name = "a" });
        await form.CheckAsync(CancellationToken.None);
        slow.SetResult();
        await older;

        Assert.Empty(form.Errors);
    }

    private ConnectorTaskForm Form() => new(_tasks, null, new ConnectorTaskDraft());
}
