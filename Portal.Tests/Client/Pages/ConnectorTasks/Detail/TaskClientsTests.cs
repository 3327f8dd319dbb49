using Bunit;
using MudBlazor;
using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.Detail;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Detail;

public class TaskClientsTests : TaskPageContext
{
    [Fact]
    public void Clients_Row_ShowsAllDetailsWhenOpened()
    {
        Clients.Clients.AddRange([Line($"{Id}-0"), Line($"{Id}-1", LiveClientStatus.Waiting)]);
        var page = Open("clients");

        page.Find($"button[aria-label='Details of {Id}-0']").Click();

        var details = page.Find("tr.details").TextContent;
        Assert.Contains("$share/task_aaaaaaaa/city/north/plates", details);
        Assert.Contains("QoS 1 asked, 0 granted", details);
        Assert.Contains("less than asked", details);
        Assert.Contains("region", details);
        Assert.Contains("Server busy (0x89)", page.Find("tbody").TextContent);
        Assert.Contains("attempt 2, next in 8 s", page.Find("tbody").TextContent);
    }

    [Fact]
    public void Clients_OfTheTask_AreShownWithoutWhatIsTheSameForAll()
    {
        Clients.Clients.AddRange([Line($"{Id}-0"), Line("other-0") with { TaskId = "task-bbbbbbbb" }]);

        var page = Open("clients");

        Assert.Equal([$"{Id}-0"], page.FindAll("tbody a.name").Select(link => link.TextContent));
        var heads = page.FindAll("thead th").Select(head => head.TextContent).ToList();
        Assert.DoesNotContain("Task", heads);
        Assert.Contains("Messages", heads);
        Assert.Contains("Traffic", heads);
        Assert.Equal($"/api/v1/clients/export?task={Id}&format=csv", page.Find("#export-menu a").GetAttribute("href"));
    }

    [Fact]
    public void Clients_One_HasNoFiltersAndSeveralHave()
    {
        Clients.Clients.Add(Line($"{Id}-0"));
        Assert.Empty(Open("clients").FindAll(".toolbar"));

        Clients.Clients.Add(Line($"{Id}-1", LiveClientStatus.Waiting));
        var page = Open("clients", "?q=nobody");

        Assert.Contains("No client of this task where id, host or endpoint contains “nobody”.", page.Find(".empty").TextContent);
        Assert.Equal($"/tasks/{Id}/clients", page.Find(".empty a").GetAttribute("href"));
        var waiting = Open("clients", "?q=nobody&status=waiting").Find(".counters a[aria-current=true]");
        Assert.Equal(("Waiting to try again 0", $"/tasks/{Id}/clients?q=nobody"), (waiting.TextContent.Trim(), waiting.GetAttribute("href")));
    }

    [Fact]
    public void Clients_Paused_SaysThatTheBrokerKeepsTheirSessions()
    {
        Tasks.Tasks[0] = SampleTasks.Task(Id, "plates-north", ConnectorTaskStatus.Paused);

        Assert.Contains("the broker keeps their sessions", Open("clients").Find(".empty").TextContent);
    }

    [Fact]
    public void Clients_Disconnect_AsksFirst()
    {
        Clients.Clients.Add(Line($"{Id}-0"));
        var dialogs = Render<MudDialogProvider>();
        var page = Open("clients");

        ClientMenu(page, "Disconnect").Click();
        dialogs.WaitForAssertion(() => Assert.Contains("The broker keeps its messages meanwhile", dialogs.Find(".dialog").TextContent), Patience);
        dialogs.FindAll("button").First(button => button.TextContent == "Disconnect client").Click();

        page.WaitForAssertion(() => Assert.Equal([$"disconnect {Id} {Id}-0"], Tasks.Commands), Patience);
    }

    [Fact]
    public void Clients_DeleteSession_WantsItTyped()
    {
        Clients.Clients.Add(Line($"{Id}-0"));
        var dialogs = Render<MudDialogProvider>();
        var page = Open("clients");

        ClientMenu(page, "Disconnect and delete session…").Click();
        dialogs.WaitForElement("#bulk-confirm", Patience).Input("delete 1");
        dialogs.Find(".btn.bad").Click();

        page.WaitForAssertion(() => Assert.Equal([$"DeleteSession clients {Id}-0"], Bulk.Commands), Patience);
    }

    [Fact]
    public void Clients_AllThatMatch_AreThoseOfTheTaskOnly()
    {
        Clients.Clients.AddRange(Enumerable.Range(0, 21).Select(number => Line($"{Id}-{number}")));
        var dialogs = Render<MudDialogProvider>();
        var page = Open("clients");
        Bulk.Review = new([$"{Id}-0"], [$"{Id}-0"], []);

        page.Find("tbody input[type=checkbox]").Change(true);
        page.FindAll(".bulk button").Single(button => button.TextContent.StartsWith("Select all", StringComparison.Ordinal)).Click();
        page.FindAll(".bulk button").Single(button => button.TextContent == "Disconnect").Click();
        dialogs.WaitForElement(".btn.primary", Patience);

        Assert.Equal([$"q= status= task={Id}"], Bulk.Reviewed);
    }

    [Fact]
    public void Clients_OfADeletedTask_CannotBeDisconnected()
    {
        Clients.Clients.Add(Line($"{Id}-0"));
        Live(SampleTasks.Live(Id) with { IsDeleted = true });

        Assert.Contains("The task was deleted.", ClientMenu(Open("clients"), "Disconnect").TextContent);
    }

    private static AngleSharp.Dom.IElement ClientMenu(IRenderedComponent<ConnectorTaskPage> page, string word)
    {
        page.Find($"button[aria-label='Actions for {Id}-0']").Click();
        return page.FindAll("[role=menu][aria-label=Actions] [role=menuitem]").First(item => item.TextContent.StartsWith(word, StringComparison.Ordinal));
    }

    private static ClientLine Line(string id, LiveClientStatus status = LiveClientStatus.Online) => new()
    {
        TaskId = Id,
        TaskName = "plates-north",
        ConnectionId = "resource-a",
        ConnectionName = "gz-prod",
        Region = "gz",
        Client = Client(id, status),
    };

    private static TaskClientLive Client(string id, LiveClientStatus status) => new()
    {
        ClientId = id,
        Status = status,
        Endpoint = "tcp://mq:1883",
        Host = status == LiveClientStatus.Online ? "10.0.0.7:50123" : null,
        ProtocolVersion = "5.0",
        KeepAliveSeconds = 30,
        SessionExpirySeconds = 3_600,
        SessionPresent = true,
        CreatedAt = Now,
        ConnectedAt = Now,
        Attempt = status == LiveClientStatus.Waiting ? 2 : 0,
        NextAttemptAt = status == LiveClientStatus.Waiting ? Now.AddSeconds(8) : null,
        LastError = status == LiveClientStatus.Waiting ? "Server busy (0x89)" : null,
        Subscriptions = [new("$share/task_aaaaaaaa/city/north/plates", 1, 0, null)],
        UserProperties = [new("region", "gz")],
        Window = 5_000,
    };
}
