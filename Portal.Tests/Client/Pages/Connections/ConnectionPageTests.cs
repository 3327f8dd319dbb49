using Bunit;
using MudBlazor;
using Portal.Client.Contracts;
using Portal.Client.Pages.Connections;

namespace Portal.Tests.Client.Pages.Connections;

public class ConnectionPageTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IRenderedComponent<MudDialogProvider> _dialogs;

    public ConnectionPageTests()
    {
        _dialogs = Render<MudDialogProvider>();
        Clusters.MqttClusters.Add(SampleConnections.Cluster);
        Connections.Connections.Add(SampleConnections.Connection());
        Connections.Dependents.AddRange([new("task-aaaaaaaa", "plates", true, 1), new("task-bbbbbbbb", "lab", false, 1)]);
        Feed.Tasks = [SampleTasks.Live("task-aaaaaaaa") with { InPerSecond = 310 }, SampleTasks.Live("task-zzzzzzzz")];
    }

    [Fact]
    public async Task Overview_ShowsFactsAndTheTasksThatUseItLive()
    {
        var page = Open(null);

        Assert.Contains("mq.north.example:8883", page.Find(".kv").TextContent);
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count), Patience);
        Assert.Contains("310", page.Find("[data-cell='task-aaaaaaaa/in']").TextContent);

        Feed.Send(SampleTasks.Live("task-aaaaaaaa") with { InPerSecond = 842 });

        await Eventually.TrueAsync(() => Patched.Contains("task-aaaaaaaa/in=842"), "the rate was patched");
    }

    [Fact]
    public void Unknown_Id_SaysSo() =>
        Assert.Contains("There is no such connection", Render<ConnectionPage>(parameters => parameters
            .Add(one => one.Id, "resource-x")).Find(".empty").TextContent);

    [Fact]
    public void Save_OnlyTheName_OffersNoRestartAndNoTest()
    {
        var page = Open("settings");
        page.Find("#connection-name").Input("gz-new");

        page.Find("form").Submit();

        _dialogs.WaitForAssertion(() => Assert.Contains("name: gz-new", _dialogs.Find(".diff").TextContent), Patience);
        Assert.Empty(_dialogs.FindAll("[role=switch]"));
        _dialogs.Find(".btn.primary").Click();
        page.WaitForAssertion(() => Assert.Equal(["update resource-a"], Connections.Commands), Patience);
    }

    [Fact]
    public void Save_OfAUser_RestartsByDefaultAndLeadsToTheOperation()
    {
        Connections.Answer = CommandResult.Accepted("resource-a", "op-a");
        var page = Open("settings");
        page.Find("#connection-user").Input("other");

        page.Find("form").Submit();

        _dialogs.WaitForAssertion(() => Assert.Contains("1 running, 1 paused", _dialogs.Markup), Patience);
        Assert.Equal("Save and restart 1 task", _dialogs.Find(".btn.primary").TextContent);
        _dialogs.Find(".btn.primary").Click();
        page.WaitForAssertion(() => Assert.Equal(["update resource-a restarting"], Connections.Commands), Patience);
        page.WaitForAssertion(() => Assert.EndsWith("/operations/op-a", Navigation.Uri, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public void Save_WithTheToggleOff_RestartsNothing()
    {
        var page = Open("settings");
        page.Find("#connection-user").Input("other");
        page.Find("form").Submit();
        _dialogs.WaitForState(() => _dialogs.FindAll("[role=switch]").Count == 1, Patience);

        _dialogs.Find("[role=switch]").Change(false);
        Assert.Equal("Save", _dialogs.Find(".btn.primary").TextContent);
        _dialogs.Find(".btn.primary").Click();

        page.WaitForAssertion(() => Assert.Equal(["update resource-a"], Connections.Commands), Patience);
    }

    [Fact]
    public void Save_Conflict_ShowsTheirChangesAndCanPutMineOnTop()
    {
        Connections.Answer = CommandResult.Not(CommandOutcome.Conflict, "Somebody was faster.");
        var page = Open("settings");
        page.Find("#connection-description").Input("mine");
        page.Find("form").Submit();
        _dialogs.WaitForState(() => _dialogs.FindAll(".btn.primary").Count == 1, Patience);
        Connections.Connections[0] = SampleConnections.Connection() with { Revision = 13, UserName = "theirs" };

        _dialogs.Find(".btn.primary").Click();
        page.WaitForAssertion(() => Assert.Contains("saved revision 13", page.Find("[role=alert]").TextContent), Patience);
        page.FindAll("button").Single(button => button.TextContent == "See their changes").Click();
        page.WaitForAssertion(() => Assert.Contains("user: theirs", page.Find("[role=alert] .diff").TextContent), Patience);
        page.FindAll("button").Single(button => button.TextContent == "Merge mine on top").Click();

        Assert.Equal("theirs", page.Find("#connection-user").GetAttribute("value"));
        Assert.Equal("mine", page.Find("#connection-description").GetAttribute("value"));
        Assert.Contains("Revision 13", page.Markup);
    }

    [Fact]
    public void Settings_OfAnOldRevision_PutsItIntoTheFormWithThePasswordOfNow()
    {
        Revisions.OfConnection.Add(new(1, Now, "anna", new ConnectionDraft { Name = "old name", MqttClusterId = SampleConnections.Connection().MqttClusterId, UserName = "old" }));
        Navigation.NavigateTo("/connections/resource-a/settings?restore=1");
        var page = Open("settings");

        Assert.Equal("old", page.Find("#connection-user").GetAttribute("value"));
        Assert.Contains("the password stays as it is now", page.Find(".note.info").TextContent);
        Assert.Empty(Connections.Commands);
    }

    [Fact]
    public void Settings_OfAViewer_CanBeReadAndNotChanged()
    {
        User.SetRoles(Roles.Viewer);

        var page = Open("settings");

        Assert.True(page.Find("fieldset").HasAttribute("disabled"));
        Assert.Contains("needs the role Administrator", page.Find(".note.info").TextContent);
    }

    [Fact]
    public void Password_Stored_IsNowhereInThePage()
    {
        var page = Open("settings");

        Assert.Contains("Stored, not shown", page.Markup);
        Assert.Empty(page.FindAll("input[type=password]"));
    }

    private IRenderedComponent<ConnectionPage> Open(string? tab) =>
        Render<ConnectionPage>(parameters => parameters.Add(one => one.Id, "resource-a").Add(one => one.Tab, tab));
}
