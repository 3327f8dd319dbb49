using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Pages.Connections;

namespace Portal.Tests.Client.Pages.Connections;

public class ConnectionsPageTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void List_Loading_ShowsASkeleton()
    {
        Connections.Gate = new TaskCompletionSource().Task;

        Assert.NotNull(Render<ConnectionsPage>().Find(".skeleton"));
    }

    [Fact]
    public void List_FirstUse_SaysWhatAConnectionIsAndOffersOne()
    {
        var page = Render<ConnectionsPage>();

        Assert.Contains("No connections yet", page.Find(".empty").TextContent);
        Assert.Equal("/connections/new", page.Find(".empty a.primary").GetAttribute("href"));
        Assert.Single(page.FindAll(".primary"));
    }

    [Fact]
    public void List_FilterMatchesNothing_NamesTheFilterAndClearsItButNotTheRegion()
    {
        Connections.Connections.Add(SampleConnections.Connection());
        Navigation.NavigateTo("/connections?region=gz&q=line7&status=abnormal");

        var page = Render<ConnectionsPage>();

        Assert.Contains("“line7”", page.Find(".empty").TextContent);
        Assert.Contains("Unreachable", page.Find(".empty").TextContent);
        Assert.Equal("/connections?region=gz", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void List_OfACluster_NamesItAndShowsThoseOfAllAgain()
    {
        var connection = SampleConnections.Connection();
        Connections.Connections.Add(connection);
        Navigation.NavigateTo($"/connections?region=gz&cluster={connection.MqttClusterId}");

        var page = Render<ConnectionsPage>();

        var chip = page.Find(".toolbar a.tag");
        Assert.Equal(($"MQTT cluster {connection.MqttClusterName} ✕", "/connections?region=gz"), (chip.TextContent, chip.GetAttribute("href")));
        Assert.Equal("/connections?region=gz", page.Find(".toolbar a.ghost").GetAttribute("href"));
        Navigation.NavigateTo("/connections?cluster=mqtt-none&q=nothing");
        page.WaitForAssertion(() => Assert.Contains("MQTT cluster is mqtt-none", page.Find(".empty").TextContent), Patience);
    }

    [Fact]
    public void List_ServiceFails_SaysWhatAndTriesAgain()
    {
        Connections.Gate = Task.FromException(new InvalidOperationException("The database is locked."));
        Connections.Connections.Add(SampleConnections.Connection());
        var page = Render<ConnectionsPage>();
        Assert.Contains("The database is locked.", page.Find("[role=alert]").TextContent);

        Connections.Gate = Task.CompletedTask;
        page.FindAll("button").Single(button => button.TextContent == "Try again").Click();

        Assert.Empty(page.FindAll("[role=alert]"));
        Assert.Single(page.FindAll("tbody tr"));
    }

    [Fact]
    public void List_SomebodyElseTestsOne_IsSeenInItsRowWithoutAClick()
    {
        Connections.Connections.AddRange([SampleConnections.Connection() with { Id = "resource-a", Name = "first" }, SampleConnections.Connection() with { Id = "resource-b", Name = "second" }]);
        var page = Render<ConnectionsPage>();
        page.Find("div.card").TriggerEvent("onmouseenter", new Microsoft.AspNetCore.Components.Web.MouseEventArgs());

        Connections.Connections[1] = Connections.Connections[1] with { Status = ConnectionStatus.Abnormal, Cause = "No answer in 5 s." };
        Connections.Connections.Reverse();
        Clock.Advance(TimeSpan.FromSeconds(3));

        page.WaitForAssertion(() => Assert.Contains("No answer in 5 s.", page.FindAll("tbody tr")[1].TextContent), Patience);
        Assert.Contains("1 row changed order", page.Find(".note.info").TextContent);
        Assert.Equal(["first", "second"], page.FindAll("tbody a.name").Select(link => link.TextContent));

        page.FindAll("button").Single(button => button.TextContent == "Re-sort").Click();
        Assert.Equal(["second", "first"], page.FindAll("tbody a.name").Select(link => link.TextContent));
    }

    [Fact]
    public void Selection_Test_IsOrderedForAllOfThem()
    {
        Connections.Connections.AddRange([SampleConnections.Connection() with { Id = "resource-a" }, SampleConnections.Connection() with { Id = "resource-b" }]);
        var dialogs = Render<MudDialogProvider>();
        var page = Render<ConnectionsPage>();

        page.Find("thead input[type=checkbox]").Change(true);
        page.FindAll(".bulk button").Single(button => button.TextContent == "Test").Click();
        dialogs.WaitForElement("button.primary", Patience).Click();

        page.WaitForAssertion(() => Assert.Equal(["Test connections resource-a,resource-b"], Bulk.Commands), Patience);
    }

    [Fact]
    public void Cards_Tools_SelectAllOnThePageAndHaveTheOrdersOfTheList()
    {
        Connections.Connections.AddRange([SampleConnections.Connection() with { Id = "resource-a" }, SampleConnections.Connection() with { Id = "resource-b" }]);
        var page = Render<ConnectionsPage>();

        Assert.Equal(ListColumns.Connections.Order(), Sorts(page.FindAll(".card-tools option").Select(option => option.GetAttribute("value"))));
        page.Find(".card-tools input").Change(true);
        Assert.All(page.FindAll("td.tick label input"), box => Assert.True(box.HasAttribute("checked")));
        Assert.Contains("2 selected", page.Find(".bulk").TextContent);
        page.Find(".card-tools input").Change(false);
        Assert.Empty(page.FindAll(".bulk"));

        static IEnumerable<string?> Sorts(IEnumerable<string?> values) => values.Where(value => value is { Length: > 0 } && value[0] != '-').Order();
    }

    [Fact]
    public void Row_WithACause_ShowsWhatAnOperatorNeeds()
    {
        Connections.Connections.Add(SampleConnections.Connection(status: ConnectionStatus.Abnormal, cause: "The certificate expired."));

        var row = Render<ConnectionsPage>().Find("tbody tr");

        Assert.Equal("/connections/resource-a", row.QuerySelector("a.name")!.GetAttribute("href"));
        Assert.Contains("Unreachable", row.TextContent);
        Assert.Contains("The certificate expired.", row.TextContent);
        Assert.NotNull(row.QuerySelector("a[href='/tasks?conn=resource-a']"));
        Assert.Contains("21 ms", row.TextContent);
    }

    [Fact]
    public void Address_Changed_AsksForItsRows()
    {
        Connections.Connections.Add(SampleConnections.Connection());
        var page = Render<ConnectionsPage>();

        Navigation.NavigateTo("/connections?sort=-tasks&page=2&size=50");

        page.WaitForAssertion(() => Assert.Equal(new ListQuery { Sort = "-tasks", Page = 2, Size = 50, Status = [] },
            Connections.Queries[^1] with { Status = [] }), Patience);
    }

    [Fact]
    public void Address_OfAnotherPage_AsksForNothing()
    {
        Render<ConnectionsPage>();

        Navigation.NavigateTo("/tasks?page=2");

        Assert.Single(Connections.Queries);
    }

    [Theory]
    [InlineData("/connections", "Status · by attention")]
    [InlineData("/connections?sort=name", "Status")]
    public void Header_Status_NamesTheOrderOfTheList(string address, string words)
    {
        Connections.Connections.Add(SampleConnections.Connection());
        Navigation.NavigateTo(address);

        Assert.Equal(words, Render<ConnectionsPage>().FindAll("thead th")[2].TextContent.Trim());
    }

    [Fact]
    public void Search_Typed_ReplacesTheAddress()
    {
        Connections.Connections.Add(SampleConnections.Connection());
        var page = Render<ConnectionsPage>();

        page.Find("input[type=search]").Input("gz");
        Clock.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.EndsWith("/connections?q=gz", Navigation.Uri, StringComparison.Ordinal), Patience);
        Assert.True(Navigation.History.First().Options.ReplaceHistoryEntry);
    }

    [Fact]
    public void Viewer_Actions_AreVisibleAndSayWhyNot()
    {
        User.SetRoles(Roles.Viewer);
        Connections.Connections.Add(SampleConnections.Connection());
        var page = Render<ConnectionsPage>();

        page.Find("#menu-of-resource-a").Click();

        Assert.Contains("needs the role Administrator", page.Find(".head button[aria-disabled]").GetAttribute("title"));
        Assert.Equal(5, page.FindAll("[role=menuitem][aria-disabled=true]").Count);
    }

    [Fact]
    public async Task RowKey_E_EditsTheConnection()
    {
        Connections.Connections.Add(SampleConnections.Connection());
        var page = Render<ConnectionsPage>();
        Assert.Equal("e", page.Find("tbody tr[data-row=resource-a]").GetAttribute("data-row-keys"));

        await page.InvokeAsync(() => Services.GetRequiredService<RowKeys>().PressAsync("e", "resource-gone"));
        Assert.EndsWith("/", Navigation.Uri, StringComparison.Ordinal);
        await page.InvokeAsync(() => Services.GetRequiredService<RowKeys>().PressAsync("e", "resource-a"));
        Assert.EndsWith("/connections/resource-a/settings", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RowKey_EOfAViewer_DoesNothing()
    {
        User.SetRoles(Roles.Viewer);
        Connections.Connections.Add(SampleConnections.Connection());
        var page = Render<ConnectionsPage>();

        await page.InvokeAsync(() => Services.GetRequiredService<RowKeys>().PressAsync("e", "resource-a"));

        Assert.EndsWith("/", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Delete_InUse_NamesTheTasksAndDeletesNothing()
    {
        Connections.Connections.Add(SampleConnections.Connection());
        Connections.Dependents.Add(new DependentTask("task-a", "plates", true, 1));
        var dialogs = Render<MudDialogProvider>();
        var page = Render<ConnectionsPage>();
        page.Find("#menu-of-resource-a").Click();

        page.FindAll("[role=menuitem]").Single(item => item.TextContent == "Delete").Click();

        dialogs.WaitForAssertion(() => Assert.Contains("gz-prod is in use", dialogs.Markup), Patience);
        Assert.NotNull(dialogs.Find("a[href='/tasks/task-a']"));
        Assert.Empty(Connections.Commands);
    }

    [Fact]
    public void Delete_NotInUse_AsksForTheNameThenDeletes()
    {
        Connections.Connections.Add(SampleConnections.Connection());
        var dialogs = Render<MudDialogProvider>();
        var page = Render<ConnectionsPage>();
        page.Find("#menu-of-resource-a").Click();
        page.FindAll("[role=menuitem]").Single(item => item.TextContent == "Delete").Click();
        dialogs.WaitForState(() => dialogs.FindAll("#confirm-name").Count == 1, Patience);

        dialogs.Find("#confirm-name").Input("gz-prod");
        dialogs.Find(".btn.bad").Click();

        page.WaitForAssertion(() => Assert.Equal(["delete resource-a"], Connections.Commands), Patience);
    }
}
