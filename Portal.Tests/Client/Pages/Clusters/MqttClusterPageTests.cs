using Bunit;
using MudBlazor;
using Portal.Client.Contracts;
using Portal.Client.Pages.Clusters;
using Portal.Client.Pages.Clusters.Editing;

namespace Portal.Tests.Client.Pages.Clusters;

public class MqttClusterPageTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IRenderedComponent<MudDialogProvider> _dialogs;

    public MqttClusterPageTests()
    {
        _dialogs = Render<MudDialogProvider>();
        Clusters.MqttClusters.Add(SampleConnections.Cluster with { Connections = 1 });
        Connections.Connections.Add(SampleConnections.Connection());
        Connections.Connections.Add(SampleConnections.Connection("resource-b", "elsewhere") with { MqttClusterId = "mqtt-other" });
        Clusters.Dependents.AddRange([new("task-aaaaaaaa", "plates", true, 1), new("task-bbbbbbbb", "lab", false, 1)]);
    }

    [Fact]
    public void Page_ShowsEndpointsConnectionsAndTheTasksBehindThem()
    {
        var page = Open();

        Assert.Contains("tls://mq.north.example:8883", page.Find("[aria-labelledby=facts-heading]").TextContent);
        Assert.Equal("gz-prod", Assert.Single(page.FindAll("tbody tr a")).TextContent);
        Assert.Contains("1 asked to run, 1 paused", page.Find("[aria-labelledby=tasks-heading]").TextContent);
        Assert.Equal("/tasks/task-aaaaaaaa", page.Find("[aria-labelledby=tasks-heading] a").GetAttribute("href"));
    }

    [Fact]
    public void Broker_LearnedThroughAConnection_IsTold()
    {
        ConnectionHistory.SignIn = new("resource-a", "gz-prod", new(1, Now, "anna", SampleConnections.Report() with
        {
            Broker = new BrokerCapabilities { Version = MqttVersion.V311 },
        }));

        var offers = Open().Find("[aria-labelledby=broker-heading]");

        Assert.Contains("MQTT 3.1.1", offers.TextContent);
        Assert.Equal("/connections/resource-a", offers.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public void Broker_NeverSignedIn_IsNotInvented() => Assert.Contains("Not known yet", Open().Find("[aria-labelledby=broker-heading]").TextContent);

    [Fact]
    public void Test_ThatSignsIn_ShowsWhatItLearned()
    {
        var page = Open();
        page.FindAll("button").Single(button => button.TextContent == "Test").Click();

        Clusters.Report(SampleConnections.Report() with { Broker = new BrokerCapabilities { Version = MqttVersion.V5, ReceiveMaximum = 32 } });

        page.WaitForAssertion(() => Assert.Contains("32 messages", page.Find("[aria-labelledby=broker-heading]").TextContent), Patience);
        Assert.Equal(
            ["MQTT 5", "—", "—", "—", "32 messages", "no limit named", "—", "as asked for"],
            page.FindAll("[aria-labelledby=broker-heading] dd").Select(value => value.TextContent.Trim()));
    }

    [Fact]
    public void Edit_Saved_ShowsTheTestThatTheFormPassed()
    {
        var page = Open();
        page.FindAll("button").Single(button => button.TextContent == "Edit").Click();
        _dialogs.WaitForState(() => _dialogs.FindAll("[aria-label=Host]").Count == 1, Patience);
        _dialogs.Find("[aria-label=Host]").Input("mq.south.example");
        _dialogs.FindAll("button").Single(button => button.TextContent == "Test").Click();
        Clusters.Report(SampleConnections.Report() with { Broker = new BrokerCapabilities { Version = MqttVersion.V5, ReceiveMaximum = 64 } });
        _dialogs.WaitForAssertion(() => Assert.Contains("All passed", _dialogs.Markup), Patience);

        _dialogs.Find(".mud-dialog-actions .primary").Click();

        page.WaitForAssertion(() => Assert.Contains("Tested before these settings were saved", page.Find("[aria-label=Test]").TextContent), Patience);
        Assert.Contains("64 messages", page.Find("[aria-labelledby=broker-heading]").TextContent);
    }

    [Fact]
    public void Revisions_AreComparedAndLeadToTheFormWithTheOldOne()
    {
        var now = ClusterDrafts.Of(SampleConnections.Cluster);
        Revisions.OfMqttCluster.AddRange([new(2, Now, "boris", now), new(1, Now.AddDays(-1), "anna", now with { Name = "old north" })]);
        var page = Open();

        var old = page.FindAll("[aria-label=Revisions] li")[1];
        Assert.Contains("name: old north", old.TextContent);
        Navigation.NavigateTo(old.QuerySelector("a.btn")!.GetAttribute("href")!);

        _dialogs.WaitForAssertion(() => Assert.Equal("old north", _dialogs.Find("#mqtt-name").GetAttribute("value")), Patience);
        Assert.Contains("Revision 1, saved", _dialogs.Find(".note.info").TextContent);
        _dialogs.Find(".mud-dialog-actions .primary").Click();
        page.WaitForAssertion(() => Assert.EndsWith($"/clusters/mqtt/{SampleConnections.Cluster.Id}", Navigation.Uri), Patience);
        Assert.Equal("old north", ((MqttClusterDraft)Assert.Single(Clusters.Saved).Draft).Name);
    }

    [Fact]
    public void Restore_OfWhatIsNotKept_OpensNoForm()
    {
        Navigation.NavigateTo($"/clusters/mqtt/{SampleConnections.Cluster.Id}?restore=9");

        Open();

        Assert.Empty(_dialogs.FindAll("#mqtt-name"));
        Assert.DoesNotContain("restore", Navigation.Uri);
    }

    [Fact]
    public void Typed_BeforeAReload_IsToldAndGoneOnWith()
    {
        var before = ClusterDrafts.Of(SampleConnections.Cluster);
        Drafts.Kept[$"draft-of-{SampleConnections.Cluster.Id}"] =
            (DraftKind.MqttClusterEdit, new EditDraft<MqttClusterDraft>(SampleConnections.Cluster.Revision, before, before with { Name = "mine" }), "form");
        var page = Open();

        Assert.Contains("is not saved yet", page.Find(".note.info").TextContent);
        page.FindAll("button").Single(button => button.TextContent == "Go on with it").Click();

        _dialogs.WaitForAssertion(() => Assert.Equal("mine", _dialogs.Find("#mqtt-name").GetAttribute("value")), Patience);
        _dialogs.FindAll("button").Single(button => button.TextContent == "Discard").Click();
        _dialogs.WaitForState(() => Drafts.Kept.Count == 0, Patience);
        _dialogs.Find("[data-key=Escape]").Click();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".note.info")), Patience);
    }

    [Fact]
    public void Page_ClusterRemovedByAnother_SaysSoByItself()
    {
        var page = Open();
        Clusters.MqttClusters.Clear();

        Clock.Advance(TimeSpan.FromSeconds(10));

        page.WaitForAssertion(() => Assert.Contains("There is no such MQTT cluster", page.Markup), Patience);
    }

    [Fact]
    public void Connections_WhoseCheckIsOutdated_AreTestedByOneClickAndReadAgainAfterIt()
    {
        Connections.Connections[0] = SampleConnections.Connection(status: ConnectionStatus.Outdated) with { CheckOutdated = true };
        var page = Open();
        Assert.Contains("after the last check of 1 connection.", page.Find("[aria-labelledby=connections-heading] .note").TextContent);

        page.FindAll("button").Single(button => button.TextContent == "Test 1 connection").Click();

        Assert.Equal(["Test connections resource-a"], Bulk.Commands);
        Connections.Connections[0] = SampleConnections.Connection();
        Feed.Send(new OperationView { Id = "op-a", Title = "Test 1 connection", State = OperationState.Succeeded, StartedBy = "anna", StartedAt = Now, EndedAt = Now, Items = [] });
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[aria-labelledby=connections-heading] .note")), Patience);
    }

    [Fact]
    public void Connections_WhoseCheckIsOutdated_AreNotTestedByAViewer()
    {
        User.SetRoles(Roles.Viewer);
        Connections.Connections[0] = SampleConnections.Connection(status: ConnectionStatus.Outdated) with { CheckOutdated = true };

        Assert.Equal("true", Open().FindAll("button").Single(button => button.TextContent == "Test 1 connection").GetAttribute("aria-disabled"));
    }

    [Fact]
    public void Unknown_Id_SaysSo() =>
        Assert.Contains("There is no such MQTT cluster", Render<MqttClusterPage>(parameters => parameters.Add(one => one.Id, "mqtt-none")).Markup);

    [Fact]
    public void History_ThatCannotBeRead_CanBeTriedAgain()
    {
        ConnectionHistory.Failure = new InvalidOperationException("The disk takes nothing.");

        Assert.Contains("The disk takes nothing.", Open().Find("[role=alert]").TextContent);
    }

    [Fact]
    public void Viewer_ReadsAndChangesNothing()
    {
        User.SetRoles(Roles.Viewer);

        var page = Open();

        Assert.Contains("tls://mq.north.example:8883", page.Markup);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent == "Test");
        Assert.Empty(page.FindAll("a[href^='/connections/new']"));
        Assert.Empty(_dialogs.FindAll("[role=dialog]"));
    }

    private IRenderedComponent<MqttClusterPage> Open() => Render<MqttClusterPage>(parameters => parameters.Add(one => one.Id, SampleConnections.Cluster.Id));
}
