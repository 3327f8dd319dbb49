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
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.StartsWith("Retry", StringComparison.Ordinal));
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

        page.FindAll("button").Single(button => button.TextContent == "Retry failed (1)").Click();

        page.WaitForAssertion(() => Assert.Equal(["retry op-a"], Operations.Commands), Patience);
        Assert.Contains("Stopped after 3 failures.", page.Find("[role=status]").TextContent);
    }

    [Fact]
    public void Retry_FailedAndCancelled_AreTwoChoicesAndFailedIsTheDefault()
    {
        var cancelled = Running.Items[2] with { State = OperationState.Cancelled };
        var page = Open(Running with { State = OperationState.Failed, EndedAt = Now, Items = [.. Running.Items.Take(2), cancelled, cancelled with { TargetId = "task-d" }] });

        Assert.Equal("Retry failed (1)", Assert.Single(page.FindAll(".head .primary")).TextContent);
        page.FindAll("button").Single(button => button.TextContent == "Retry cancelled (2)").Click();

        page.WaitForAssertion(() => Assert.Equal(["retry cancelled op-a"], Operations.Commands), Patience);
    }

    [Fact]
    public void Retry_NothingFailed_IsNotOffered()
    {
        var page = Open(Running with { State = OperationState.Cancelled, EndedAt = Now, Items = [Running.Items[0], Running.Items[2] with { State = OperationState.Cancelled }] });

        Assert.Equal(["Retry cancelled (1)"], page.FindAll("button").Select(button => button.TextContent).Where(text => text.StartsWith("Retry", StringComparison.Ordinal)));
        Assert.Empty(page.FindAll(".head .primary"));
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

        var newer = Running with { Id = "op-b", Title = "Restart 2 tasks", StartedAt = Now };
        Operations.Operations.Add(newer);
        Feed.Send(newer);

        page.WaitForAssertion(() => Assert.Equal(["Restart 2 tasks", Running.Title],
            page.FindAll("a.name").Select(link => link.TextContent)), Patience);
    }

    [Fact]
    public void List_Many_ArePagedByTheAddress()
    {
        Operations.Operations.AddRange(Enumerable.Range(0, 130).Select(number =>
            Running with { Id = $"op-{number}", Title = $"Restart {number}", StartedAt = Now.AddMinutes(-number) }));
        Navigation.NavigateTo("/operations?page=2&size=50&colour=red");

        var page = Render<OperationsPage>();

        Assert.Equal(("Restart 50", 50), (page.Find("tbody a.name").TextContent, page.FindAll("tbody tr").Count));
        Assert.Contains("51–100 of 130", page.Find(".foot").TextContent);
        Assert.Equal(["/operations?size=50", "/operations?page=3&size=50"], page.FindAll("nav[aria-label=Pages] a").Select(link => link.GetAttribute("href")));
        Assert.Contains("colour=red", page.Find(".note.info").TextContent);

        Feed.Send(Operations.Operations[50] with { State = OperationState.Succeeded, Title = "Told" });
        page.WaitForAssertion(() => Assert.Equal("Told", page.Find("tbody a.name").TextContent), Patience);
    }

    [Fact]
    public void List_PageBehindTheLast_LeadsBackToTheNewest()
    {
        Navigation.NavigateTo("/operations?page=7");

        Assert.Equal("/operations", Render<OperationsPage>().Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void List_CannotBeRead_SaysWhyAndTriesAgain()
    {
        Operations.Failure = new InvalidOperationException("The database is locked.");
        Operations.Operations.Add(Running);
        var page = Render<OperationsPage>();
        Assert.Contains("The database is locked.", page.Find("[role=alert]").TextContent);

        Operations.Failure = null;
        page.FindAll("button").Single(button => button.TextContent == "Try again").Click();

        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")), Patience);
    }

    private IRenderedComponent<OperationPage> Open(OperationView operation)
    {
        Operations.Operations.Add(operation);
        return Render<OperationPage>(parameters => parameters.Add(one => one.Id, operation.Id));
    }
}
