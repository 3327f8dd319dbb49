using Bunit;
using MudBlazor;
using Portal.Client.Components.Texts;
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
    public void Overview_ShowsTheLastReportAndWhatTheBrokerOffers()
    {
        ConnectionHistory.Checks.Add(new(2, Now, "anna", SampleConnections.Report(ValidationState.Failed)) { Cause = "Refused." });
        var signedIn = SampleConnections.Report() with { Broker = new() { Version = MqttVersion.V5, ReceiveMaximum = 20, MaximumPacketSize = 65_536 } };
        ConnectionHistory.Checks.Add(new(1, Now.AddHours(-1), "anna", signedIn) { Latency = TimeSpan.FromMilliseconds(6) });

        var page = Open(null);

        Assert.Contains("mq.north.example:8883", page.Markup);
        Assert.Contains("The broker refused user ckafka_connector (0x86).", page.Find(".stages").TextContent);
        Assert.Contains("1 of 2 failed", page.Find("[aria-labelledby=check-heading]").TextContent);
        var offers = page.Find("[aria-labelledby=broker-heading]").TextContent;
        Assert.Contains("20 messages", offers);
        Assert.Contains(Numbers.Bytes(65_536), offers);
        Assert.Equal(2, page.FindAll("[aria-labelledby=checks-heading] tbody tr").Count);
    }

    [Fact]
    public void Created_LongAgoAndNotAvailableAnyMore_IsNotSaidToBeReady()
    {
        var connection = Connections.Connections[0] = Connections.Connections[0] with { Status = ConnectionStatus.Abnormal };
        Navigation.NavigateTo($"/connections/{connection.Id}?created=true");

        Assert.Empty(Render<ConnectionPage>(parameters => parameters.Add(one => one.Id, connection.Id)).FindAll(".note.ok"));
    }

    [Fact]
    public void Created_JustNow_SaysSoAndOffersATask()
    {
        var connection = Connections.Connections[0];
        Navigation.NavigateTo($"/connections/{connection.Id}?created=true");

        var note = Render<ConnectionPage>(parameters => parameters.Add(one => one.Id, connection.Id)).Find(".note.ok");

        Assert.Contains($"Connection {connection.Name} is ready", note.TextContent);
        Assert.Equal([$"/tasks/new?conn={connection.Id}", $"/connections/{connection.Id}"], note.QuerySelectorAll("a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void Overview_NeverTested_SaysSo()
    {
        Connections.Connections[0] = SampleConnections.Connection() with { CheckedAt = null };

        var page = Open(null);

        Assert.Contains("No report is kept", page.Markup);
        Assert.Contains("Not known yet", page.Find("[aria-labelledby=broker-heading]").TextContent);
    }

    [Fact]
    public void Overview_WhileItsTasksRestart_LeadsToTheOperation()
    {
        Connections.Connections[0] = SampleConnections.Connection(status: ConnectionStatus.Changing, cause: "Its tasks restart.") with { OperationId = "op-a" };

        Assert.Equal("/operations/op-a", Open(null).Find(".note a").GetAttribute("href"));
    }

    [Fact]
    public void Overview_ChangedByAnother_FollowsByItself()
    {
        var page = Open(null);
        Connections.Connections[0] = SampleConnections.Connection(status: ConnectionStatus.Abnormal, cause: "The broker is away.");

        Clock.Advance(TimeSpan.FromSeconds(5));

        page.WaitForAssertion(() => Assert.Contains("The broker is away.", page.Find(".note.bad").TextContent), Patience);
    }

    [Fact]
    public void Overview_AfterTheClusterChanged_CallsTheLastCheckOneOfTheOldAddress()
    {
        ConnectionHistory.Checks.Add(new(1, Now.AddHours(-1), "anna", SampleConnections.Report()));
        Connections.Connections[0] = SampleConnections.Connection(status: ConnectionStatus.Outdated, cause: "Its MQTT cluster was changed.") with { CheckOutdated = true };

        var page = Open(null);

        Assert.Equal("Check outdated", page.Find("h1 .chip").TextContent.Trim());
        Assert.Empty(page.FindAll("h1 .chip.ok"));
        Assert.Contains("before the cluster changed", page.Find(".head .sub").TextContent);
        Assert.Contains("how its old address answered", page.Find("[aria-labelledby=check-heading] .note").TextContent);
        Assert.Contains(page.FindAll(".note.row button"), button => button.TextContent == "Test now");
    }

    [Fact]
    public void Events_OfOneKind_AreThoseOfTheAddress()
    {
        ConnectionHistory.Events.Add(new(Now, ConnectionEventKind.Tested, EventSeverity.Error, "anna", "Refused.") { Check = new(7, Now, "anna", SampleConnections.Report(ValidationState.Failed)) });
        ConnectionHistory.Events.Add(new(Now, ConnectionEventKind.Restart, EventSeverity.Info, "anna", "Restart 2 tasks") { OperationId = "op-a" });
        ConnectionHistory.Events.Add(new(Now.AddDays(-1), ConnectionEventKind.Created, EventSeverity.Info, "anna", "Name: gz-prod"));

        var page = Open("events");
        Assert.Equal(3, page.FindAll(".timeline li").Count);
        Assert.Equal(2, page.FindAll("h3.day").Count);
        Assert.Equal("/operations/op-a", page.Find(".timeline a").GetAttribute("href"));
        page.Find(".timeline button").Click();
        Assert.Contains("0x86", page.Find(".timeline .report").TextContent);

        Navigation.NavigateTo("/connections/resource-a/events?kind=created");
        var created = Open("events");

        Assert.Contains("Name: gz-prod", Assert.Single(created.FindAll(".timeline li")).TextContent);
        Assert.Equal("Created", created.Find(".filters [aria-current]").TextContent);
    }

    [Fact]
    public void Events_ThatCannotBeRead_CanBeTriedAgain()
    {
        ConnectionHistory.Failure = new InvalidOperationException("The disk takes nothing.");
        var page = Render<Portal.Client.Pages.Connections.Detail.ConnectionEvents>(parameters => parameters.Add(one => one.ConnectionId, "resource-a"));
        Assert.Contains("The disk takes nothing.", page.Markup);

        ConnectionHistory.Failure = null;
        page.FindAll("button").Single(button => button.TextContent == "Try again").Click();

        Assert.Contains("Nothing is kept", page.Markup);
    }

    [Fact]
    public async Task Tasks_ThatUseIt_AreShownLive()
    {
        var page = Open("tasks");

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
    public async Task Settings_TypedAndLeftByACut_StandInTheFormAgainWithTheirPassword()
    {
        var page = Open("settings");
        page.Find("#connection-user").Input("other");

        Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => Drafts.Kept.ContainsKey("draft-of-resource-a"), "what was typed is kept");
        var again = Open("settings");

        Assert.Equal("other", again.Find("#connection-user").GetAttribute("value"));
        Assert.Contains("stands in the form again", again.Find(".note.info").TextContent);
        again.FindAll("button").Single(button => button.TextContent == "Discard").Click();
        again.WaitForAssertion(() => Assert.Empty(Drafts.Kept), Patience);
        Assert.Equal(SampleConnections.Connection().UserName, again.Find("#connection-user").GetAttribute("value"));
        Assert.Empty(again.FindAll(".note.info"));
    }

    [Fact]
    public void Settings_KeptWhileAnotherSaved_OffersTheMergeAtOnce()
    {
        var before = new ConnectionDraft { Name = "was", MqttClusterId = SampleConnections.Connection().MqttClusterId, UserName = SampleConnections.Connection().UserName };
        var kept = new EditDraft<ConnectionDraft>(SampleConnections.Connection().Revision - 1, before, before with { Description = "mine" });
        Drafts.Kept["draft-of-resource-a"] = (DraftKind.ConnectionEdit, kept, "edit");

        var page = Open("settings");
        Assert.Contains($"saved revision {SampleConnections.Connection().Revision}", page.Find("[role=alert]").TextContent);
        page.FindAll("button").Single(button => button.TextContent == "Merge mine on top").Click();

        Assert.Equal("mine", page.Find("#connection-description").GetAttribute("value"));
        Assert.Equal(SampleConnections.Connection().Name, page.Find("#connection-name").GetAttribute("value"));
        Assert.DoesNotContain("saved revision", page.Markup);
    }

    [Fact]
    public void Settings_Saved_AreKeptNoLonger()
    {
        var page = Open("settings");
        page.Find("#connection-name").Input("gz-new");
        Clock.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Single(Drafts.Kept), Patience);

        page.Find("form").Submit();
        _dialogs.WaitForState(() => _dialogs.FindAll(".btn.primary").Count == 1, Patience);
        _dialogs.Find(".btn.primary").Click();

        page.WaitForAssertion(() => Assert.Empty(Drafts.Kept), Patience);
    }

    [Fact]
    public void Settings_ThatCannotBeKept_SayWhy()
    {
        Drafts.Trouble = "The disk takes nothing.";
        var page = Open("settings");

        page.Find("#connection-name").Input("gz-new");
        Clock.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Contains("Not kept as a draft: The disk takes nothing.", page.Find(".cf").TextContent), Patience);
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
