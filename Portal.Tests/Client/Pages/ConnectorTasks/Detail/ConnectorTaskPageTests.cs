using Bunit;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Detail;

public class ConnectorTaskPageTests : TaskPageContext
{
    [Fact]
    public void Page_UnknownTask_SaysSo()
    {
        Tasks.Tasks.Clear();

        Assert.Contains("There is no such task", Open().Find(".empty").TextContent);
    }

    [Fact]
    public void Page_ServiceFails_SaysWhyAndTriesAgain()
    {
        Tasks.Gate = Task.FromException(new InvalidOperationException("The database is locked."));
        var page = Open();
        Assert.Contains("The database is locked.", page.Find("[role=alert]").TextContent);

        Tasks.Gate = Task.CompletedTask;
        page.FindAll("button").First(button => button.TextContent == "Try again").Click();

        Assert.Contains("plates-north", page.Find("h1").TextContent);
    }

    [Fact]
    public void Head_Task_NamesItIdRevisionAndGroup()
    {
        var head = Open().Find(".head").TextContent;

        Assert.Contains("Running", head);
        Assert.Contains(Id, head);
        Assert.Contains("revision 3", head);
        Assert.Contains("task_aaaaaaaa", head);
    }

    [Fact]
    public void Flow_Target_LeadsToItsKafkaInstance() =>
        Assert.Equal($"/clusters/kafka/{Tasks.Tasks[0].Settings.KafkaInstanceId}", Open().Find(".flow a[href^='/clusters/kafka/']").GetAttribute("href"));

    [Fact]
    public async Task Figures_Change_ArePatchedPastTheRenderer()
    {
        Live(SampleTasks.Live(Id) with { InPerSecond = 1, OutPerSecond = 1 });
        var page = Open();
        var renders = page.RenderCount;

        Feed.Send(SampleTasks.Live(Id) with { InPerSecond = 12_400, OutPerSecond = 12_300, LatencyP99 = 14 });

        await Eventually.TrueAsync(() => page.InvokeAsync(() => Patched.Contains("task/in=12.4\u202fk")), "the rate is patched");
        Assert.Contains("task/p99=14 ms", Patched);
        Assert.Equal(renders, page.RenderCount);
    }

    [Fact]
    public void Deleted_WhileOpen_SaysSoAndDisablesTheActions()
    {
        var page = Open();

        Tasks.Tasks.Clear();
        Feed.Send(SampleTasks.Live(Id) with { Status = ConnectorTaskStatus.Deleting, IsDeleted = true });

        page.WaitForAssertion(() => Assert.Contains("This task was deleted", page.Find("[role=alert]").TextContent), Patience);
        Assert.Contains("plates-north", page.Find("h1").TextContent);
        Assert.NotEmpty(page.FindAll(".head button[aria-disabled=true]"));
    }

    [Fact]
    public void Feed_FallsSilent_SaysSinceWhen()
    {
        Live(SampleTasks.Live(Id));
        var page = Open();

        Clock.Advance(TimeSpan.FromSeconds(14));

        page.WaitForAssertion(() => Assert.Contains("The live figures stopped 14 s ago", page.Find(".note").TextContent), Patience);
    }

    [Fact]
    public void Viewer_SeesActionsWithTheReasonWhyNot()
    {
        User.SetRoles(Roles.Viewer);

        var page = Open();

        Assert.All(
            page.FindAll(".head .btn:not([aria-haspopup])"),
            button => Assert.Contains("needs the role Administrator", button.GetAttribute("title")));
    }

    [Fact]
    public void Events_MoreThanAPage_LoadsOlderOnes()
    {
        Tasks.Events.AddRange(
            Enumerable.Range(1, 170).Select(id => new TaskEvent(id, Now.AddMinutes(id - 200), "Status", EventSeverity.Info, null, $"Event {id}")));
        var page = Open("events");
        Assert.Equal(100, page.FindAll(".timeline li").Count);

        page.FindAll("button").First(button => button.TextContent == "Load older").Click();

        Assert.Equal(170, page.FindAll(".timeline li").Count);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent == "Load older");
        Assert.Equal($"/tasks/{Id}/events?event=evt_170", page.Find(".timeline a").GetAttribute("href"));
    }

    [Fact]
    public void Events_NewOnes_WaitBehindABar()
    {
        Tasks.Events.Add(new TaskEvent(1, Now, "Status", EventSeverity.Info, null, "Running"));
        var page = Open("events");

        Tasks.Events.Add(new TaskEvent(2, Now, "Failure", EventSeverity.Error, null, "Kafka refused the topic"));
        Clock.Advance(TimeSpan.FromSeconds(5));

        page.WaitForAssertion(() => Assert.Contains("1 new event.", page.Find(".note.info").TextContent), Patience);
        Assert.Single(page.FindAll(".timeline li"));
        page.FindAll("button").First(button => button.TextContent == "Show").Click();
        Assert.Equal(2, page.FindAll(".timeline li").Count);
    }

    [Fact]
    public void Tabs_DeadLetters_CountThoseOfTheBooksAndFollowThem()
    {
        Live(SampleTasks.Live(Id) with { Books = TaskBooks.Empty });
        var page = Open("clients");
        Assert.Equal("Dead letters", DeadLettersTab().TextContent);

        Feed.Send(SampleTasks.Live(Id) with { Books = new TaskBooks(20, 8, 12, 0, 0, 0, 0, 0, 0), ObservedAt = Now.AddSeconds(1) });

        page.WaitForAssertion(() => Assert.Equal("12", DeadLettersTab().QuerySelector("[data-cell='books/deadlettered']")?.TextContent), Patience);

        AngleSharp.Dom.IElement DeadLettersTab() => page.Find(".tabs a[href$='/dead-letters']");
    }
}
