using Bunit;
using Portal.Client.Contracts;
using Portal.Client.Layout.Palette;

namespace Portal.Tests.Client.Layout;

public class PaletteTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Palette_NothingTyped_OffersPagesAndActions()
    {
        var titles = Titles(Render<CommandPalette>());

        Assert.Contains("Tasks", titles);
        Assert.Contains("Create task", titles);
        Assert.Contains("Dark theme", titles);
    }

    [Fact]
    public void Palette_Viewer_IsNotOfferedWhatHeMayNot()
    {
        User.SetRoles(Roles.Viewer);

        Assert.DoesNotContain("Create task", Titles(Render<CommandPalette>()));
    }

    [Fact]
    public void Palette_Words_FindTasksConnectionsClustersAndClients()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "line7-orders"));
        Connections.Connections.Add(SampleConnections.Connection(name: "line7-broker"));
        Clusters.MqttClusters.Add(SampleConnections.Cluster with { Name = "line7 cluster" });
        Clients.Clients.Add(new ClientLine
        {
            TaskId = "task-aaaaaaaa",
            TaskName = "line7-orders",
            ConnectionId = "resource-a",
            ConnectionName = "line7-broker",
            Region = "gz",
            Client = new TaskClientLive { ClientId = "portal-line7-1", Status = LiveClientStatus.Online },
        });
        var palette = Render<CommandPalette>();

        palette.Find("input").Input("line7");
        Clock.Advance(TimeSpan.FromMilliseconds(120));

        palette.WaitForAssertion(
            () => Assert.Equal(
                ["/tasks/task-aaaaaaaa", "/connections/resource-a", $"/clusters/mqtt/{SampleConnections.Cluster.Id}", "/clients?client=portal-line7-1"],
                palette.FindAll("[role=option]").Select(option => option.GetAttribute("data-href"))),
            Patience);
        Assert.Equal(["Tasks", "Connections", "Clusters", "Clients"], palette.FindAll("[role=group]").Select(group => group.GetAttribute("aria-label")));
        Assert.Equal("true", palette.Find("[role=option]").GetAttribute("aria-selected"));
    }

    [Fact]
    public void Palette_KafkaInstance_LeadsToItsPage()
    {
        Clusters.KafkaInstances.Add(new KafkaInstanceView { Id = "ckafka-a", Name = "orders", Region = "gz", BootstrapServers = "kafka:9092" });
        var palette = Render<CommandPalette>();

        palette.Find("input").Input("orders");
        Clock.Advance(TimeSpan.FromMilliseconds(120));

        palette.WaitForAssertion(() => Assert.Equal("/clusters/kafka/ckafka-a", palette.Find("[role=option]").GetAttribute("data-href")), Patience);
    }

    // "Change my password" has it in the middle, and stood first.
    [Fact]
    public void Palette_BeginningOfAName_FindsNoActionThatHasItInside()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "orders"));
        var palette = Render<CommandPalette>();

        palette.Find("input").Input("ord");
        Clock.Advance(TimeSpan.FromMilliseconds(120));

        palette.WaitForAssertion(() => Assert.Equal(["orders"], Titles(palette)), Patience);
    }

    [Fact]
    public void Palette_NothingFound_SaysWhereItLooked()
    {
        var palette = Render<CommandPalette>();

        palette.Find("input").Input("zzz");
        Clock.Advance(TimeSpan.FromMilliseconds(120));

        palette.WaitForAssertion(() => Assert.Contains("Nothing found for “zzz”", palette.Find("[role=status]").TextContent), Patience);
    }

    [Fact]
    public void Palette_AServiceFails_LeavesItsGroupOut()
    {
        Tasks.Gate = Task.FromException(new InvalidOperationException("The database is locked."));
        Connections.Connections.Add(SampleConnections.Connection(name: "line7-broker"));
        var palette = Render<CommandPalette>();

        palette.Find("input").Input("line7");
        Clock.Advance(TimeSpan.FromMilliseconds(120));

        palette.WaitForAssertion(() => Assert.Equal(["line7-broker"], Titles(palette)), Patience);
    }

    [Fact]
    public void HelpSheet_EveryKey_IsNamedWithWhatItDoes()
    {
        var sheet = Render<HelpSheet>();

        Assert.All(sheet.FindAll("dl > div"), line => Assert.True(line.QuerySelectorAll("kbd").Length > 0 && line.QuerySelector("dd")!.TextContent.Length > 0));
    }

    private static IEnumerable<string> Titles(IRenderedComponent<CommandPalette> palette) =>
        palette.FindAll("[role=option] > span:first-of-type").Select(title => title.TextContent);
}
