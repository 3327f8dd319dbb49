using Bunit;
using Portal.Client.Contracts;
using Portal.Client.Pages.Operations;

namespace Portal.Tests.Client.Pages.Operations;

public class OperationPageTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly OperationView Running = new()
    {
        Id = "op-a",
        Title = "Restart 3 tasks of connection gz-prod",
        State = OperationState.Running,
        StartedBy = "operator",
        StartedAt = Now.AddSeconds(-30),
        Items =
        [
            new("task-a", "plates", OperationState.Succeeded, null, TimeSpan.FromSeconds(2)),
            new("task-b", "hvac", OperationState.Failed, "No client came online within 30 s.", TimeSpan.FromSeconds(30)),
            new("task-c", "lab", OperationState.Waiting, null, null),
        ],
    };

    [Fact]
    public void Page_Running_ShowsProgressItemsAndCauses()
    {
        var page = Open(Running);

        Assert.Contains("1 of 3 done, 1 failed", page.Find(".bar").GetAttribute("aria-label"));
        Assert.Contains("No client came online", page.FindAll("tbody tr")[1].TextContent);
        Assert.Contains(page.FindAll("button"), button => button.TextContent == "Cancel the rest");
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.StartsWith("Try", StringComparison.Ordinal));
    }

    [Fact]
    public void Feed_NewerState_ReplacesWhatIsShown()
    {
        var page = Open(Running);

        var failed = Running.Items.Select(item => item with { State = OperationState.Failed });
        Feed.Send(Running with { State = OperationState.Failed, EndedAt = Now, Items = [.. failed] });

        page.WaitForAssertion(() => Assert.Contains("0 of 3 done, 3 failed", page.Markup), Patience);
        Assert.Contains("took 30 s", page.Markup);
    }

    [Fact]
    public void Pause_UnderWay_AsksTheService()
    {
        var page = Open(Running);

        page.FindAll("button").Single(button => button.TextContent == "Pause").Click();

        page.WaitForAssertion(() => Assert.Equal(["pause op-a"], Operations.Commands), Patience);
    }

    [Fact]
    public void GoOn_Paused_NamesHowManyAreLeftAndAsksTheService()
    {
        var page = Open(Running with { State = OperationState.Paused, Text = "Paused by a person with 1 left." });

        page.FindAll("button").Single(button => button.TextContent == "Go on with 1").Click();

        page.WaitForAssertion(() => Assert.Equal(["continue op-a"], Operations.Commands), Patience);
    }

    [Fact]
    public void Page_ManyItems_ShowsSomeAndFiltersByState()
    {
        var items = Enumerable.Range(0, 250).Select(number =>
            new OperationItem($"task-{number}", $"t{number}", number < 3 ? OperationState.Failed : OperationState.Succeeded, null, null));
        var page = Open(Running with { State = OperationState.Failed, Items = [.. items] });
        Assert.Equal(100, page.FindAll("tbody tr").Count);

        page.FindAll("button").Single(button => button.TextContent == "Show 100 more").Click();
        Assert.Equal(200, page.FindAll("tbody tr").Count);

        page.FindAll("button").Single(button => button.TextContent == "Failed 3").Click();
        Assert.Equal(["t0", "t1", "t2"], page.FindAll("tbody a.name").Select(link => link.TextContent));
    }

    [Fact]
    public void Retry_AfterFailures_AsksTheService()
    {
        var page = Open(Running with { State = OperationState.Paused, Text = "Stopped after 3 failures." });

        page.FindAll("button").Single(button => button.TextContent == "Try it again").Click();

        page.WaitForAssertion(() => Assert.Equal(["retry op-a"], Operations.Commands), Patience);
        Assert.Contains("Stopped after 3 failures.", page.Find("[role=status]").TextContent);
    }

    [Fact]
    public void Unknown_Id_SaysSo() =>
        Assert.Contains("There is no such operation", Render<OperationPage>(parameters => parameters
            .Add(one => one.Id, "op-x")).Find(".empty").TextContent);

    [Fact]
    public void List_NoneYet_SaysWhatWillBeHere() =>
        Assert.Contains("No operations yet", Render<OperationsPage>().Find(".empty").TextContent);

    [Fact]
    public void List_NewOne_ComesByTheFeedAboveTheOthers()
    {
        Operations.Operations.Add(Running);
        var page = Render<OperationsPage>();

        Feed.Send(Running with { Id = "op-b", Title = "Restart 2 tasks", StartedAt = Now });

        page.WaitForAssertion(() => Assert.Equal(["Restart 2 tasks", Running.Title],
            page.FindAll("a.name").Select(link => link.TextContent)), Patience);
    }

    private IRenderedComponent<OperationPage> Open(OperationView operation)
    {
        Operations.Operations.Add(operation);
        return Render<OperationPage>(parameters => parameters.Add(one => one.Id, operation.Id));
    }
}
