using AngleSharp.Dom;
using Bunit;
using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.List;

namespace Portal.Tests.Client.Pages.ConnectorTasks.List;

public class ConnectorTaskListTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Cards_Tools_SelectAllOnThePageAndHaveTheOrdersOfTheList()
    {
        Tasks.Tasks.AddRange([SampleTasks.Task("task-a", "plates"), SampleTasks.Task("task-b", "hvac")]);
        var page = Render<ConnectorTaskList>();

        var values = page.FindAll(".card-tools option").Select(option => option.GetAttribute("value")!).Where(value => value.Length > 0 && value[0] != '-');
        Assert.Equal(ListColumns.Tasks.Order(), values.Order());
        page.Find(".card-tools input").Change(true);
        Assert.Contains("2 selected", page.Find(".bulk").TextContent);
    }

    [Fact]
    public void List_Loading_ShowsASkeleton()
    {
        var gate = new TaskCompletionSource();
        Tasks.Gate = gate.Task;

        var page = Render<ConnectorTaskList>();

        Assert.NotNull(page.Find(".skeleton"));
    }

    [Fact]
    public void List_FirstUse_SaysWhatATaskIsAndOffersOne()
    {
        var page = Render<ConnectorTaskList>();

        Assert.Contains("No tasks yet", page.Find(".empty").TextContent);
        Assert.Equal("/tasks/new", page.Find(".empty a.primary").GetAttribute("href"));
    }

    [Fact]
    public void List_FilterMatchesNothing_NamesTheFilterAndClearsIt()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "plates-north"));
        Navigation.NavigateTo("/tasks?q=line7&status=failed");

        var page = Render<ConnectorTaskList>();

        Assert.Contains("status failed", page.Find(".empty").TextContent);
        Assert.Contains("“line7”", page.Find(".empty").TextContent);
        Assert.Equal("/tasks", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void List_LastError_LeadsToItsEvent()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "plates-north") with { LastError = new TaskEvent(7, Now.AddMinutes(-3), "Session", EventSeverity.Warning, null, "It lost its session.") });
        Tasks.Tasks.Add(SampleTasks.Task("task-bbbbbbbb", "plates-south"));
        Navigation.NavigateTo("/tasks?cols=error");

        var page = Render<ConnectorTaskList>();

        var link = page.Find("[data-row=task-aaaaaaaa] a[href*='event=']");
        Assert.Equal(("/tasks/task-aaaaaaaa/events?event=7", "It lost its session."), (link.GetAttribute("href"), link.TextContent));
        Assert.Contains("—", page.Find("[data-row=task-bbbbbbbb]").TextContent);
    }

    [Fact]
    public void List_ServiceFails_SaysWhatAndTriesAgain()
    {
        Tasks.Gate = Task.FromException(new InvalidOperationException("The database is locked."));
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "plates-north"));
        var page = Render<ConnectorTaskList>();
        Assert.Contains("The database is locked.", page.Find("[role=alert]").TextContent);

        Tasks.Gate = Task.CompletedTask;
        page.FindAll("button").First(button => button.TextContent == "Try again").Click();

        Assert.Empty(page.FindAll(".note.bad"));
        Assert.Single(Names(page));
    }

    [Fact]
    public void List_Viewer_SeesActionsWithTheReasonWhyNot()
    {
        User.SetRoles(Roles.Viewer);
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "plates-north"));

        var page = Render<ConnectorTaskList>();

        Assert.Contains("needs the role Administrator", page.Find(".head [aria-disabled=true]").GetAttribute("title"));
        Assert.Empty(page.FindAll("a[href='/tasks/new']"));
    }

    [Fact]
    public void List_Row_HasRealLinksAndTheCause()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "plates-north", ConnectorTaskStatus.Failed, "Kafka refused the topic"));

        var page = Render<ConnectorTaskList>();

        Assert.Equal("/tasks/task-aaaaaaaa", page.Find("a.name").GetAttribute("href"));
        Assert.Equal("/connections/resource-a", page.Find("tbody a[href^='/connections']").GetAttribute("href"));
        Assert.Contains("Kafka refused the topic", page.Find(".cause").TextContent);
        Assert.Contains("Failed", page.Find(".chip").TextContent);
    }

    [Fact]
    public void List_Address_IsTheQuery()
    {
        Navigation.NavigateTo("/tasks?region=gz&q=pl&status=failed,running&sort=-in&page=2&size=50&colour=red");

        var page = Render<ConnectorTaskList>();

        var query = Assert.Single(Tasks.Queries);
        Assert.Equal(("gz", "pl", "-in", 2, 50), (query.Region, query.Search, query.Sort, query.Page, query.Size));
        Assert.Equal(["Failed", "Running"], query.Status);
        Assert.Contains("colour=red", page.Find(".note.info").TextContent);
    }

    [Fact]
    public async Task List_LiveFigures_ArePatchedPastTheRenderer()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "plates-north"));
        var page = Render<ConnectorTaskList>();
        var renders = page.RenderCount;

        Feed.Send(SampleTasks.Live("task-aaaaaaaa") with { InPerSecond = 12_400, Books = TaskBooks.Empty with { Open = 182 } });

        await Eventually.TrueAsync(() => page.InvokeAsync(() => Patched.Contains("task-aaaaaaaa/open=182")), "the open deliveries are patched");
        Assert.Contains("task-aaaaaaaa/in=12.4\u202fk", Patched);
        // The totals come with the rows, or alone when no row moves.
        Clock.Advance(TimeSpan.FromSeconds(1));
        Feed.Beat();
        await Eventually.TrueAsync(() => page.InvokeAsync(() => Patched.Contains("tasks/in=12.4\u202fk")), "the total is patched");
        Assert.Equal(renders, page.RenderCount);
    }

    [Fact]
    public void List_StatusChanges_IsShownInPlaceAndTheOrderIsOffered()
    {
        Tasks.Tasks.AddRange([SampleTasks.Task("task-aaaaaaaa", "first"), SampleTasks.Task("task-bbbbbbbb", "second")]);
        Feed.Tasks = [.. Tasks.Tasks.Select(task => task.Live)];
        var page = Render<ConnectorTaskList>();
        page.Find("div.card").TriggerEvent("onmouseenter", new Microsoft.AspNetCore.Components.Web.MouseEventArgs());

        var failed = SampleTasks.Task("task-bbbbbbbb", "second", ConnectorTaskStatus.Failed, "Kafka refused the topic");
        Tasks.Tasks.Clear();
        Tasks.Tasks.AddRange([failed, SampleTasks.Task("task-aaaaaaaa", "first")]);
        Feed.Send(failed.Live);
        page.WaitForAssertion(() => Assert.Contains("Failed", page.FindAll("tbody .chip")[1].TextContent), Patience);
        Clock.Advance(TimeSpan.FromSeconds(2));

        page.WaitForAssertion(() => Assert.Contains("1 row changed order", page.Find(".note.info").TextContent), Patience);
        Assert.Equal(["first", "second"], Names(page));

        page.FindAll("button").First(button => button.TextContent == "Re-sort").Click();
        Assert.Equal(["second", "first"], Names(page));
    }

    [Fact]
    public async Task List_NobodyPoints_TakesTheNewOrderAtOnce()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "first"));
        Feed.Tasks = [Tasks.Tasks[0].Live];
        var page = Render<ConnectorTaskList>();

        Tasks.Tasks.Insert(0, SampleTasks.Task("task-bbbbbbbb", "second"));
        Feed.Send(Tasks.Tasks[0].Live);

        await Eventually.TrueAsync(
            () =>
            {
                Clock.Advance(TimeSpan.FromSeconds(2));
                return page.InvokeAsync(() => Names(page).SequenceEqual(["second", "first"]));
            },
            "the new order is shown");
    }

    [Fact]
    public void List_FeedFallsSilent_SaysSinceWhen()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "first"));
        Feed.Tasks = [Tasks.Tasks[0].Live];
        var page = Render<ConnectorTaskList>();

        Clock.Advance(TimeSpan.FromSeconds(14));

        page.WaitForAssertion(() => Assert.Contains("The live figures stopped 14 s ago", page.Find(".note").TextContent), Patience);
    }

    [Fact]
    public void Selection_Pause_IsReviewedAndThenOrderedForAllOfThem()
    {
        Tasks.Tasks.AddRange([SampleTasks.Task("task-aaaaaaaa", "first"), SampleTasks.Task("task-bbbbbbbb", "second")]);
        var dialogs = Render<MudDialogProvider>();
        var page = Render<ConnectorTaskList>();

        page.Find("thead input[type=checkbox]").Change(true);
        Assert.Contains("2 selected", page.Find(".bulk").TextContent);
        page.FindAll(".bulk button").First(button => button.TextContent == "Pause").Click();
        dialogs.WaitForElement("button.primary", Patience).Click();

        page.WaitForAssertion(() => Assert.Equal(["Pause tasks task-aaaaaaaa,task-bbbbbbbb"], Bulk.Commands), Patience);
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".bulk")), Patience);
    }

    [Fact]
    public void Selection_AllThatMatch_ReviewsTheFilterAndOrdersWhatWasReviewed()
    {
        Tasks.Tasks.AddRange(Enumerable.Range(0, 30).Select(number => SampleTasks.Task($"task-{number:x8}", $"line-{number}")));
        Bulk.Review = new(["task-00000001", "task-00000002"], ["line-1", "line-2"], []);
        Navigation.NavigateTo("/tasks?q=line&status=running");
        var dialogs = Render<MudDialogProvider>();
        var page = Render<ConnectorTaskList>();

        page.Find("thead input[type=checkbox]").Change(true);
        page.FindAll(".bulk button").Single(button => button.TextContent == "Select all 30 that match").Click();
        page.FindAll(".bulk button").First(button => button.TextContent == "Restart").Click();
        dialogs.WaitForElement("button.primary", Patience).Click();

        page.WaitForAssertion(() => Assert.Equal(["Restart tasks task-00000001,task-00000002"], Bulk.Commands), Patience);
        Assert.Equal(["q=line status=Running"], Bulk.Reviewed);
    }

    [Fact]
    public void Columns_OfTheAddress_AreShownAndAChoiceIsRememberedAndInTheAddress()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "first"));
        Navigation.NavigateTo("/tasks?cols=in,region");
        var page = Render<ConnectorTaskList>();
        Assert.Equal(["", "Name", "In msg/s", "Region", "Actions"], page.FindAll("thead th").Select(head => head.TextContent.Trim()));

        page.FindAll("[role=menuitemcheckbox]").Single(item => item.TextContent == "Status").Click();

        page.WaitForAssertion(() => Assert.EndsWith("/tasks?cols=status,in,region", Navigation.Uri), Patience);
        Assert.Equal(["status", "in", "region"], Preferences.Stored.Columns["tasks"]);
    }

    [Fact]
    public void Columns_Remembered_AreShownWithoutTheAddress()
    {
        Preferences.Stored = new() { Columns = new Dictionary<string, IReadOnlyList<string>> { ["tasks"] = ["out"] } };
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "first"));

        var page = Render<ConnectorTaskList>();

        Assert.Equal(["", "Name", "Out", "Actions"], page.FindAll("thead th").Select(head => head.TextContent.Trim()));
    }

    [Fact]
    public void Export_Links_CarryTheFilterAndNotThePage()
    {
        Tasks.Tasks.AddRange(Enumerable.Range(0, 30).Select(number => SampleTasks.Task($"task-{number:x8}", $"line-{number}")));
        Navigation.NavigateTo("/tasks?q=line&sort=-in&page=2");

        var page = Render<ConnectorTaskList>();

        Assert.Equal(
            ["/api/v1/tasks/export?q=line&sort=-in&format=csv", "/api/v1/tasks/export?q=line&sort=-in&format=json"],
            page.FindAll("a[download]").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void Restart_Running_NamesTheConsequenceFirst()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "plates-north"));
        var dialogs = Render<MudDialogProvider>();
        var page = Render<ConnectorTaskList>();
        Menu(page);

        Item(page, "Restart").Click();

        dialogs.WaitForAssertion(() => Assert.Contains("nothing is lost", dialogs.Find(".dialog").TextContent), Patience);
        Assert.Empty(Tasks.Commands);
        dialogs.FindAll("button").First(button => button.TextContent == "Restart plates-north").Click();
        page.WaitForAssertion(() => Assert.Equal(["restart task-aaaaaaaa"], Tasks.Commands), Patience);
    }

    [Fact]
    public void Menu_PausedASecondAgo_OffersToResume()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "plates-north"));
        Feed.Tasks = [Tasks.Tasks[0].Live];
        var page = Render<ConnectorTaskList>();

        var paused = SampleTasks.Live("task-aaaaaaaa", ConnectorTaskStatus.Paused);
        // The list may be read again meanwhile: it, too, tells what is observed now.
        Tasks.Tasks[0] = Tasks.Tasks[0] with { Live = paused };
        Feed.Send(paused);
        page.WaitForAssertion(() => Assert.Contains("Paused", page.Find("tbody .chip").TextContent), Patience);
        Menu(page);

        page.WaitForAssertion(() => Assert.NotNull(Item(page, "Resume")), Patience);
    }

    [Fact]
    public void Delete_WrongNameTyped_IsNotPossible()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "plates-north"));
        var dialogs = Render<MudDialogProvider>();
        var page = Render<ConnectorTaskList>();
        Menu(page);

        Item(page, "Delete").Click();
        dialogs.WaitForElement("#confirm-name", Patience).Input("plates");
        Assert.True(dialogs.FindAll("button").First(button => button.TextContent == "Delete task plates-north").HasAttribute("disabled"));

        dialogs.Find("#confirm-name").Input("plates-north");
        dialogs.FindAll("button").First(button => button.TextContent == "Delete task plates-north").Click();
        page.WaitForAssertion(() => Assert.Equal(["delete task-aaaaaaaa 3"], Tasks.Commands), Patience);
    }

    [Fact]
    public void Pause_Refused_StaysAsAPanelWithTheReason()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "plates-north"));
        Tasks.Answer = CommandResult.Not(CommandOutcome.Refused, "It is being deleted.");
        var notices = Render<NoticeHost>();
        var page = Render<ConnectorTaskList>();
        Menu(page);

        Item(page, "Pause").Click();

        notices.WaitForAssertion(() => Assert.Contains("It is being deleted.", notices.Find("[role=alert]").TextContent), Patience);
    }

    private static IEnumerable<string> Names(IRenderedComponent<ConnectorTaskList> page) =>
        page.FindAll("a.name").Select(link => link.TextContent);

    private static void Menu(IRenderedComponent<ConnectorTaskList> page) => page.Find("tbody button[aria-haspopup=menu]").Click();

    private static IElement Item(IRenderedComponent<ConnectorTaskList> page, string word) =>
        page.FindAll("[role=menuitem]").First(item => item.TextContent.Trim() == word);
}
