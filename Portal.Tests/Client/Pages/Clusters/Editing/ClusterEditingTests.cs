using AngleSharp.Dom;
using Bunit;
using MudBlazor;
using Portal.Client.Contracts;
using Portal.Client.Pages.Clusters;

namespace Portal.Tests.Client.Pages.Clusters.Editing;

public class ClusterEditingTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly KafkaInstanceView Instance = new()
    {
        Id = "ckafka-a",
        Revision = 4,
        Name = "orders",
        Region = "gz",
        BootstrapServers = "kafka-1:9092",
        Security = KafkaSecurityProtocol.SaslPlaintext,
        UserName = "portal",
        HasPassword = true,
    };

    private readonly IRenderedComponent<MudDialogProvider> _dialogs;

    public ClusterEditingTests()
    {
        _dialogs = Render<MudDialogProvider>();
        Clusters.Regions.Add(new Region("gz", "Guangzhou"));
        Clusters.MqttClusters.Add(SampleConnections.Cluster with { Revision = 12 });
        Clusters.KafkaInstances.Add(Instance);
    }

    [Fact]
    public void Test_BeforeSaving_IsOfWhatIsTypedWithTheStoredSecretsLeftAlone()
    {
        EditKafka();
        _dialogs.Find("#kafka-servers").Input("kafka-9:9092");

        Press("Test");
        Clusters.Report(SampleConnections.Report());

        _dialogs.WaitForAssertion(() => Assert.Contains("All passed", _dialogs.Markup), Patience);
        var (id, draft) = Assert.Single(Clusters.Tested);
        Assert.Equal("ckafka-a", id);
        Assert.Equal(("kafka-9:9092", SecretChangeKind.Keep), (((KafkaInstanceDraft)draft).BootstrapServers, ((KafkaInstanceDraft)draft).Password.Kind));
        Assert.Contains("Resolve the name", _dialogs.Find(".stages").TextContent);
        Assert.Contains("every check passed with the new settings", _dialogs.Markup);
        _dialogs.Find("#kafka-servers").Input("kafka-8:9092");
        Assert.Contains("Not tested", _dialogs.Markup);
        Assert.Empty(Clusters.Commands);
    }

    [Fact]
    public void Test_Passed_IsForgottenWhenTheSecretChangesAndKeptWhenOnlyWordsDo()
    {
        EditKafka();
        Press("Replace");
        _dialogs.Find("#kafka-password").Input("first");
        Press("Test");
        Clusters.Report(SampleConnections.Report());
        _dialogs.WaitForAssertion(() => Assert.Contains("All passed", _dialogs.Markup), Patience);

        _dialogs.Find("#kafka-description").Input("for the plant");
        Assert.Contains("All passed", _dialogs.Markup);

        // Both are "changed" to the eye: what differs is not shown.
        _dialogs.Find("#kafka-password").Input("second");
        Assert.DoesNotContain("All passed", _dialogs.Markup);
    }

    [Fact]
    public void Save_Conflict_ShowsBothSidesAndMergesFieldByField()
    {
        EditMqtt();
        _dialogs.Find("[aria-label=Host]").Input("mine.example");
        _dialogs.Find("#mqtt-name").Input("mine");
        TheySave(theirs => theirs with { Name = "theirs", Endpoints = [new ClusterEndpoint(EndpointTransport.Tls, "theirs.example", 8883)], Description = "by them" });

        Save();

        _dialogs.WaitForAssertion(() => Assert.Contains("boris saved revision 13", Conflict.TextContent), Patience);
        Assert.True(SaveButton.HasAttribute("disabled"));
        Press("See their changes");
        Assert.Contains("endpoints: tls://theirs.example:8883", Conflict.QuerySelectorAll(".diff")[0].TextContent);
        Assert.Contains("endpoints: tls://mine.example:8883", Conflict.QuerySelectorAll(".diff")[1].TextContent);
        Conflict.QuerySelectorAll("fieldset").Single(choice => choice.TextContent.Contains("endpoints")).QuerySelectorAll("input")[1].Change(true);
        Press("Merge mine on top");

        Assert.Equal(["mine", "theirs.example", "by them"], new[] { "#mqtt-name", "[aria-label=Host]", "#mqtt-description" }.Select(Value));
        Clusters.Answer = CommandResult.Accepted("mqtt-y8k3m2ab");
        Save();
        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("#mqtt-name")), Patience);
        Assert.Equal((13, "mine"), (Clusters.Saved[^1].Revision, ((MqttClusterDraft)Clusters.Saved[^1].Draft).Name));
    }

    [Fact]
    public void Save_ConflictOfAKafkaInstance_CanBeGivenUpForTheirs()
    {
        EditKafka();
        _dialogs.Find("#kafka-servers").Input("mine:9092");
        Clusters.Answer = CommandResult.Not(CommandOutcome.Conflict, "Somebody was faster.");
        Clusters.KafkaInstances[0] = Instance with { Revision = 5, BootstrapServers = "theirs:9092", HasPassword = false };

        Save();

        _dialogs.WaitForAssertion(() => Assert.Contains("Somebody saved revision 5", Conflict.TextContent), Patience);
        Press("See their changes");
        Assert.Contains("was password", Conflict.QuerySelector(".diff")!.TextContent);
        Press("Discard mine");
        Assert.Equal("theirs:9092", Value("#kafka-servers"));
        Assert.Empty(_dialogs.FindAll("h3"));
    }

    [Fact]
    public void Save_OfWhatWasRemovedMeanwhile_SaysSo()
    {
        EditMqtt();
        _dialogs.Find("#mqtt-name").Input("mine");
        Clusters.Answer = CommandResult.Not(CommandOutcome.Conflict, "This MQTT cluster has been removed.");
        Clusters.MqttClusters.Clear();

        Save();

        _dialogs.WaitForAssertion(() => Assert.Contains("has been removed", Conflict.TextContent), Patience);
    }

    [Fact]
    public void Escape_WithSomethingTyped_AsksAndKeepsTheForm()
    {
        EditMqtt();
        _dialogs.Find("#mqtt-name").Input("typed");

        Escape();
        _dialogs.WaitForAssertion(() => Assert.Contains("Leave without saving?", _dialogs.Markup), Patience);
        _dialogs.FindAll("[role=dialog]")[^1].QuerySelectorAll("button").Single(button => button.TextContent == "Cancel").Click();

        _dialogs.WaitForAssertion(() => Assert.DoesNotContain("Leave without saving?", _dialogs.Markup), Patience);
        Assert.Equal("typed", Value("#mqtt-name"));
        Press("Cancel");
        _dialogs.WaitForAssertion(() => Assert.Contains("What you changed of MQTT cluster typed is not saved", _dialogs.Markup), Patience);
        Press("Leave without saving");
        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("#mqtt-name")), Patience);
        Assert.Empty(Clusters.Commands);
    }

    [Fact]
    public void Escape_WithNothingTyped_Closes()
    {
        EditMqtt();

        Escape();

        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("#mqtt-name")), Patience);
    }

    [Fact]
    public void Navigation_WithSomethingTyped_AsksFirst()
    {
        EditMqtt();
        _dialogs.Find("#mqtt-name").Input("typed");

        Navigation.NavigateTo("/tasks");

        _dialogs.WaitForAssertion(() => Assert.Contains("Leave without saving?", _dialogs.Markup), Patience);
        Assert.DoesNotContain("/tasks", Navigation.Uri, StringComparison.Ordinal);
        Press("Leave without saving");
        _dialogs.WaitForAssertion(() => Assert.EndsWith("/tasks", Navigation.Uri, StringComparison.Ordinal), Patience);
    }

    private IElement Conflict => _dialogs.Find("[role=alert]");

    private IElement SaveButton => _dialogs.Find(".mud-dialog-actions .primary");

    private string? Value(string selector) => _dialogs.Find(selector).GetAttribute("value");

    private void Press(string button) => _dialogs.FindAll("button").First(one => one.TextContent == button).Click();

    private void Save() => SaveButton.Click();

    // As keys.js does.
    private void Escape() => _dialogs.Find("[data-key=Escape]").Click();

    private void TheySave(Func<MqttClusterView, MqttClusterView> change)
    {
        Clusters.Answer = CommandResult.Not(CommandOutcome.Conflict, "Somebody was faster.");
        Clusters.MqttClusters[0] = change(Clusters.MqttClusters[0]) with { Revision = 13, UpdatedAt = Now.AddMinutes(-2) };
        Revisions.OfMqttCluster.Add(new(13, Now.AddMinutes(-2), "boris", new MqttClusterDraft()));
    }

    private void EditMqtt() => Edit("mqtt-y8k3m2ab", "#mqtt-name");

    private void EditKafka() => Edit("ckafka-a", "#kafka-name");

    private void Edit(string id, string field)
    {
        var page = Render<ClustersPage>();
        page.Find($"#menu-of-{id}").Click();
        page.FindAll("[role=menuitem]").Single(item => item.TextContent == "Edit").Click();
        _dialogs.WaitForState(() => _dialogs.FindAll(field).Count == 1, Patience);
    }
}
