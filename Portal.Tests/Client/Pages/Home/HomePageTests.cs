using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Client.Contracts;
using Portal.Client.Live;
using Portal.Client.Pages.Home;

namespace Portal.Tests.Client.Pages.Home;

public class HomePageTests : PageContext
{
    private static readonly OverviewView Calm = new()
    {
        Tasks = new Dictionary<ConnectorTaskStatus, int> { [ConnectorTaskStatus.Running] = 3, [ConnectorTaskStatus.Paused] = 1 },
        InPerSecond = 12_400,
        OutPerSecond = 12_300,
        Open = 7,
        Connections = 2,
        KafkaInstances = 1,
        Busiest = [new("task-a", "plates", 12_000)],
    };

    [Fact]
    public void Page_NothingWrong_SaysSoInWords()
    {
        Overview.View = Calm;

        Assert.Contains("Nothing needs you. 3 tasks running.", Open().Find("section[aria-label='Needs you']").TextContent);
    }

    [Fact]
    public void Page_NoTasks_LeadsThroughTheFirstSteps()
    {
        Overview.View = Calm with { Tasks = new Dictionary<ConnectorTaskStatus, int>(), KafkaInstances = 0 };
        var steps = Open().FindAll("section[aria-label='First steps'] li");

        Assert.Equal(["Done", "Step 2", "Step 3"], steps.Select(step => step.QuerySelector(".chip")!.TextContent.Trim()));
        Assert.Equal("Open clusters", steps.Select(step => step.QuerySelector("a.primary")).OfType<AngleSharp.Dom.IElement>().Single().TextContent);
    }

    [Fact]
    public void Page_ServiceFails_SaysWhyAndTriesAgain()
    {
        Overview.Gate = Task.FromException(new InvalidOperationException("The database is locked."));
        var page = Open();
        Assert.Contains("The database is locked.", page.Find("[role=alert]").TextContent);

        (Overview.Gate, Overview.View) = (Task.CompletedTask, Calm);
        page.FindAll("button").First(button => button.TextContent == "Try again").Click();

        Assert.NotNull(page.Find(".tiles"));
    }

    [Fact]
    public void Tiles_EachFigure_LeadsToWhereItCanBeSeen()
    {
        Overview.View = Calm with { Unreachable = 1 };
        var links = Open().FindAll(".tile .k").Select(link => link.GetAttribute("href"));

        Assert.Equal(["/tasks", "/tasks?sort=-in", "/tasks?sort=-open", "/tasks?sort=-dead", "/connections?status=abnormal,changefailed"], links);
    }

    [Fact]
    public void NeedsYou_FailedTask_IsRestartedByOneClick()
    {
        Overview.View = Calm with
        {
            NeedsYou = [new("task-b", "line7", ConnectorTaskStatus.Failed, null, "Kafka refused the topic.", Now), new("resource-a", "north", null, ConnectionStatus.Abnormal, "Expired.", null)],
            NeedsYouCount = 2,
        };
        var page = Open();
        page.Find("button[aria-label='Restart line7']").Click();

        Assert.Equal(["restart task-b"], Tasks.Commands);
        Assert.Equal("/connections/resource-a/settings", page.Find("a[aria-label='Edit north']").GetAttribute("href"));
    }

    [Fact]
    public void NeedsYou_ChangeThatFailedHalfWay_LeadsToItsOperation()
    {
        Overview.View = Calm with
        {
            NeedsYou = [new("resource-a", "north", null, ConnectionStatus.ChangeFailed, "Not all of its tasks could be restarted.", Now, OperationId: "op-a")],
            NeedsYouCount = 1,
        };

        Assert.Equal("/operations/op-a", Open().Find("a[aria-label='Open the operation of north']").GetAttribute("href"));
    }

    [Fact]
    public void Recovering_Tasks_StandBelowAndClosed()
    {
        Overview.View = Calm with
        {
            Recovering = [new("task-c", "gps", ConnectorTaskStatus.Recovering, null, "The broker refused.", Now, Now.AddSeconds(24))],
            RecoveringCount = 1,
        };
        var details = Open().Find("details.recovering");

        Assert.Equal("1 recovering by itself", details.QuerySelector("summary")!.TextContent.Trim());
        Assert.False(details.HasAttribute("open"));
    }

    [Fact]
    public void Beat_OnlyFiguresChanged_PatchesWithoutARendering()
    {
        Overview.View = Calm;
        var page = Open();
        var renders = page.RenderCount;
        Overview.View = Calm with { InPerSecond = 99, Open = 8 };
        Clock.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Contains("all/in=99", Patched));
        Assert.Contains("all/open=8", Patched);
        Assert.Equal(renders, page.RenderCount);
    }

    [Fact]
    public void Beat_HiddenTab_AsksNothing()
    {
        Overview.View = Calm;
        Open();
        var asked = Overview.Queries.Count;
        Services.GetRequiredService<PageVisibility>().Set(hidden: true);
        Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(asked, Overview.Queries.Count);
    }

    [Fact]
    public void Region_InTheAddress_IsAskedFor()
    {
        Overview.View = Calm;
        Navigation.NavigateTo("/?region=gz");

        Assert.Contains("Region gz", Open().Find(".sub").TextContent);
        Assert.Equal("gz", Overview.Queries[0]);
    }

    [Fact]
    public void Changes_OfWhatIsGone_HaveNoLink()
    {
        Overview.View = Calm;
        Overview.Changes.Add(new(Now, "anna", "Deleted task a", "task-a", IsGone: true));
        Overview.Changes.Add(new(Now, "anna", "Restarted task b", "task-b", IsGone: false));

        Assert.Equal("/tasks/task-b", Assert.Single(Open().FindAll("section[aria-label='Recent changes'] a")).GetAttribute("href"));
    }

    private IRenderedComponent<HomePage> Open() => Render<HomePage>();
}
