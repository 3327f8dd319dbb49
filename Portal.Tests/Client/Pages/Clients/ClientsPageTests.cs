using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Pages.Clients;

namespace Portal.Tests.Client.Pages.Clients;

public class ClientsPageTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void List_Loading_ShowsASkeleton()
    {
        Clients.Gate = new TaskCompletionSource().Task;

        Assert.NotNull(Render<ClientsPage>().Find(".skeleton"));
    }

    [Fact]
    public void List_NoTaskRuns_SaysWhatAClientIs() => Assert.Contains("No clients now", Render<ClientsPage>().Find(".empty").TextContent);

    [Fact]
    public void List_FilterMatchesNothing_OffersToClearIt()
    {
        Navigation.NavigateTo("/clients?q=nobody");

        var page = Render<ClientsPage>();

        Assert.Contains("No clients match", page.Find(".empty").TextContent);
        Assert.Equal("/clients", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void List_Address_IsTheQuery()
    {
        Navigation.NavigateTo("/clients?q=portal&status=waiting&conn=resource-a&task=task-a&client=portal-a-1&user=plant&ip=10.0.&age=1h&sort=-rate&colour=red");

        var page = Render<ClientsPage>();

        var query = Assert.Single(Clients.Queries);
        Assert.Equal(("portal", "resource-a", "task-a", "-rate"), (query.Search, query.ConnectionId, query.TaskId, query.Sort));
        Assert.Equal(("portal-a-1", "plant", "10.0.", "1h"), (query.ClientId, query.UserName, query.Address, query.Age));
        Assert.Equal(["Waiting"], query.Status);
        Assert.Contains("colour=red", page.Find(".note.info").TextContent);
    }

    [Fact]
    public void Row_Client_LinksToItsTaskAndOpensItsDetails()
    {
        Clients.Clients.Add(Line("portal-a-1"));
        var page = Render<ClientsPage>();
        Assert.Equal("/tasks/task-a/clients", page.FindAll("tbody a").First(link => link.TextContent == "plates").GetAttribute("href"));

        page.Find("button[aria-label='Details of portal-a-1']").Click();

        Assert.Contains("Session expiry", page.Find("tr.details").TextContent);
    }

    [Fact]
    public async Task Figures_Change_ArePatchedAndWordsAreRendered()
    {
        Clients.Clients.Add(Line("portal-a-1"));
        var page = Render<ClientsPage>();
        var table = page.FindComponent<ClientTable>();
        var renders = table.RenderCount;

        Clients.Clients[0] = Line("portal-a-1") with { Client = Client("portal-a-1") with { ReceivedPerSecond = 1_200 } };
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => page.InvokeAsync(() => Patched.Contains("portal-a-1/rate=1.2\u202fk")), "the rate is patched");
        Assert.Equal(renders, table.RenderCount);

        Clients.Clients[0] = Line("portal-a-1") with { Client = Client("portal-a-1") with { Status = LiveClientStatus.Waiting, LastError = "The broker closed the connection." } };
        Clock.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Contains("The broker closed the connection.", page.Find("tbody").TextContent), Patience);
    }

    [Fact]
    public void Order_UnderThePointer_StaysAndIsOffered()
    {
        Clients.Clients.AddRange([Line("portal-a-1"), Line("portal-a-2")]);
        var page = Render<ClientsPage>();
        page.Find("div.card").TriggerEvent("onmouseenter", new Microsoft.AspNetCore.Components.Web.MouseEventArgs());

        Clients.Clients.Reverse();
        Clock.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Contains("1 row changed order", page.Find(".note.info").TextContent), Patience);
        Assert.Equal(["portal-a-1", "portal-a-2"], page.FindAll("a.name").Select(link => link.TextContent));
    }

    [Fact]
    public void Look_Fails_KeepsTheRowsAndSaysHowOldTheyAre()
    {
        Clients.Clients.Add(Line("portal-a-1"));
        var page = Render<ClientsPage>();

        Clients.Gate = Task.FromException(new InvalidOperationException("The database is locked."));
        Clock.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Contains("The live figures stopped", page.Find(".note").TextContent), Patience);
        Assert.Single(page.FindAll("a.name"));

        Clients.Gate = Task.CompletedTask;
        Clock.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".note")), Patience);
    }

    [Fact]
    public void Cards_Tools_HaveTheOrdersOfTheList()
    {
        Clients.Clients.Add(Line("portal-a-1"));

        var values = Render<ClientsPage>().FindAll(".card-tools option").Select(option => option.GetAttribute("value")!).Where(value => value.Length > 0 && value[0] != '-');

        Assert.Equal(ListColumns.Clients.Order(), values.Order());
    }

    [Fact]
    public void Disconnect_AsksFirst()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-a", "plates"));
        Clients.Clients.Add(Line("portal-a-1"));
        var dialogs = Render<MudDialogProvider>();
        var page = Render<ClientsPage>();

        Menu(page, "portal-a-1", "Disconnect").Click();
        dialogs.WaitForElement(".dialog button.primary", Patience);
        Assert.Empty(Tasks.Commands);
        dialogs.Find(".dialog button.primary").Click();

        page.WaitForAssertion(() => Assert.Equal(["disconnect task-a portal-a-1"], Tasks.Commands), Patience);
    }

    [Fact]
    public async Task RowKey_R_AsksAndDisconnects()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-a", "plates"));
        Clients.Clients.Add(Line("portal-a-1"));
        var dialogs = Render<MudDialogProvider>();
        var page = Render<ClientsPage>();
        Assert.Equal("r", page.Find("tbody tr[data-row='portal-a-1']").GetAttribute("data-row-keys"));

        var pressed = page.InvokeAsync(() => Services.GetRequiredService<RowKeys>().PressAsync("r", "portal-a-1"));
        dialogs.WaitForElement(".dialog button.primary", Patience).Click();
        await pressed;

        Assert.Equal(["disconnect task-a portal-a-1"], Tasks.Commands);
    }

    [Fact]
    public void Disconnect_Viewer_SeesWhyNot()
    {
        User.SetRoles(Roles.Viewer);
        Clients.Clients.Add(Line("portal-a-1"));

        var page = Render<ClientsPage>();

        Assert.Contains("needs the role Administrator", Menu(page, "portal-a-1", "Disconnect").TextContent);
        Assert.Contains("needs the role Administrator", Menu(page, "portal-a-1", "Disconnect and delete session…").TextContent);
    }

    [Fact]
    public void Filters_UserIpAndTime_StandInTheAddressAndAreCleared()
    {
        Clients.Clients.Add(Line("portal-a-1"));
        Navigation.NavigateTo("/clients?region=gz");
        var page = Render<ClientsPage>();

        page.Find("input[aria-label^=User]").Change(" plant ");
        page.Find("input[aria-label^=IP]").Change("10.0.4.");
        page.Find(".times select").Change("15m");

        page.WaitForAssertion(() => Assert.EndsWith("/clients?region=gz&user=plant&ip=10.0.4.&age=15m", Navigation.Uri));
        Assert.Equal("/clients?region=gz", page.FindAll(".toolbar a").Single(link => link.TextContent == "Clear filters").GetAttribute("href"));
    }

    [Fact]
    public void Empty_NamesEachFilter()
    {
        Navigation.NavigateTo("/clients?client=nobody&user=plant&ip=10.&from=2026-11-22T12:00:00Z&q=x");

        Assert.Contains(
            "No client of a running task where id, host or endpoint contains “x” and id is nobody and user is plant and IP begins with 10. and session began since 2026-11-22 12:00:00 UTC.",
            Render<ClientsPage>().Find(".empty").TextContent);
    }

    [Fact]
    public void Columns_Chosen_AreShownAndRemembered()
    {
        Clients.Clients.Add(Line("portal-a-1"));
        var page = Render<ClientsPage>();
        Assert.DoesNotContain(page.FindAll("thead th"), head => head.TextContent == "Last disconnect");

        page.FindAll("#columns-menu button").Single(button => button.TextContent == "Last disconnect").Click();

        page.WaitForAssertion(() => Assert.Contains(page.FindAll("thead th"), head => head.TextContent == "Last disconnect"));
        Assert.Contains("ended", Preferences.Stored.Columns["clients"]);
    }

    [Fact]
    public void Columns_All_HaveACellEach()
    {
        Clients.Clients.Add(Line("portal-a-1"));
        Navigation.NavigateTo($"/clients?cols={string.Join(',', ClientColumns.All.Select(column => column.Key))}");

        var page = Render<ClientsPage>();

        Assert.Equal(ClientColumns.All.Count + 3, page.FindAll("thead th").Count);
        Assert.Equal(ClientColumns.All.Count + 3, page.FindAll("tbody td").Count);
        Assert.All(["plant", "10.0.4.7:50123", "MQTT 5.0", "20 s", "1 h", "1 filter, QoS 1"], text => Assert.Contains(text, page.Find("tbody").TextContent));
    }

    [Fact]
    public void Selected_AllOfThePage_AreReviewedAndDisconnected()
    {
        Clients.Clients.AddRange([Line("portal-a-1"), Line("portal-a-2")]);
        var dialogs = Render<MudDialogProvider>();
        var page = Render<ClientsPage>();

        page.Find("thead input[type=checkbox]").Change(true);
        Assert.Contains("2 selected", page.Find(".bulk").TextContent);
        page.FindAll(".bulk button").Single(button => button.TextContent == "Disconnect").Click();
        dialogs.WaitForAssertion(() => Assert.Contains("Disconnect 2 clients?", dialogs.Find("h2").TextContent), Patience);
        dialogs.Find(".btn.primary").Click();

        page.WaitForAssertion(() => Assert.Equal(["Disconnect clients portal-a-1,portal-a-2"], Bulk.Commands), Patience);
        Assert.Empty(page.FindAll(".bulk"));
    }

    [Fact]
    public void DeleteSession_OfOne_SaysWhatIsLostAndWantsItTyped()
    {
        Clients.Clients.Add(Line("portal-a-1"));
        var dialogs = Render<MudDialogProvider>();
        var page = Render<ClientsPage>();

        Menu(page, "portal-a-1", "Disconnect and delete session…").Click();

        dialogs.WaitForAssertion(() => Assert.Contains("Disconnect 1 client and delete its session?", dialogs.Find("h2").TextContent), Patience);
        var text = dialogs.Find(".mud-dialog").TextContent;
        Assert.Contains("belong to running tasks", text);
        Assert.Contains("every message that the broker still holds for it", text);
        Assert.True(dialogs.Find(".btn.bad").HasAttribute("disabled"));
        dialogs.Find("#bulk-confirm").Input("delete 1");
        dialogs.Find(".btn.bad").Click();
        page.WaitForAssertion(() => Assert.Equal(["DeleteSession clients portal-a-1"], Bulk.Commands), Patience);
    }

    [Fact]
    public void DeleteSession_OfACleanSession_IsNotOffered()
    {
        Clients.Clients.Add(Line("portal-a-1") with { Client = Client("portal-a-1") with { CleanSession = true } });

        Assert.Contains("keeps no session of it", Menu(Render<ClientsPage>(), "portal-a-1", "Disconnect and delete session…").TextContent);
    }

    private static AngleSharp.Dom.IElement Menu(IRenderedComponent<ClientsPage> page, string clientId, string word)
    {
        page.Find($"button[aria-label='Actions for {clientId}']").Click();
        return page.FindAll("[role=menu][aria-label=Actions] [role=menuitem]").Single(item => item.TextContent.StartsWith(word, StringComparison.Ordinal)
            && !item.TextContent[word.Length..].StartsWith(" and", StringComparison.Ordinal));
    }

    private static ClientLine Line(string clientId) => new()
    {
        TaskId = "task-a",
        TaskName = "plates",
        ConnectionId = "resource-a",
        ConnectionName = "gz-prod",
        Region = "gz",
        UserName = "plant",
        Client = Client(clientId),
    };

    private static TaskClientLive Client(string clientId) => new()
    {
        ClientId = clientId,
        Status = LiveClientStatus.Online,
        Endpoint = "tcp://broker:1883",
        Host = "10.0.4.7:50123",
        KeepAliveSeconds = 20,
        SessionExpirySeconds = 3_600,
        ProtocolVersion = "5.0",
        ConnectedAt = Now,
        Window = 100,
        Subscriptions = [new LiveSubscription("$share/task_a/plates/#", 1, 1, null)],
    };
}
