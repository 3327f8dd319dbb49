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
        _dialogs.WaitForAssertion(() => Assert.DoesNotContain("All passed", _dialogs.Markup), Patience);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Save_AnotherAddress_TestsTheConnectionsUnlessTheSwitchIsOff(bool tests)
    {
        Clusters.MqttClusters[0] = Clusters.MqttClusters[0] with { Connections = 2 };
        Clusters.Answer = CommandResult.Accepted("mqtt-y8k3m2ab") with { OutdatedConnections = ["resource-a", "resource-b"] };
        EditMqtt();
        _dialogs.Find("#mqtt-description").Input("only a word");
        Assert.Empty(_dialogs.FindAll("#test-connections"));
        _dialogs.Find("[aria-label=Host]").Input("moved.example");
        Assert.Contains("Test its 2 connections afterwards", _dialogs.Find("label[for=test-connections]").TextContent);
        if (!tests)
        {
            _dialogs.Find("#test-connections").Change(false);
        }

        Save();

        _dialogs.WaitForState(() => _dialogs.FindAll("#mqtt-name").Count == 0, Patience);
        Assert.Equal(tests ? ["Test connections resource-a,resource-b"] : [], Bulk.Commands);
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

    [Fact]
    public async Task Typed_IsKeptUntilItIsGivenUp()
    {
        EditKafka();
        _dialogs.Find("#kafka-servers").Input("kafka-9:9092");
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => Drafts.Kept.ContainsKey("draft-of-ckafka-a"), "what was typed is kept");

        var kept = (EditDraft<KafkaInstanceDraft>)Drafts.Kept["draft-of-ckafka-a"].Content;
        Assert.Equal((4, "kafka-1:9092", "kafka-9:9092"), (kept.Revision, kept.Before.BootstrapServers, kept.After.BootstrapServers));
        Press("Cancel");
        _dialogs.WaitForAssertion(() => Assert.Contains("Leave without saving?", _dialogs.Markup), Patience);
        Press("Leave without saving");
        _dialogs.WaitForAssertion(() => Assert.Empty(Drafts.Kept), Patience);
    }

    [Fact]
    public async Task Typed_InTheInstantBeforeACut_IsKept()
    {
        EditMqtt();
        _dialogs.Find("#mqtt-name").Input("typed");

        await DisposeComponentsAsync();

        Assert.Equal("typed", ((EditDraft<MqttClusterDraft>)Drafts.Kept["draft-of-mqtt-y8k3m2ab"].Content).After.Name);
    }

    [Fact]
    public void Typed_BeforeAReload_StandsInTheFormAgainAndCanBeDiscarded()
    {
        var before = new KafkaInstanceDraft { Name = "orders", Region = "gz", BootstrapServers = "kafka-1:9092", Security = KafkaSecurityProtocol.SaslPlaintext, UserName = "portal" };
        Drafts.Kept["draft-of-ckafka-a"] = (DraftKind.KafkaInstanceEdit, new EditDraft<KafkaInstanceDraft>(4, before, before with { UserName = "other" }), "form");

        EditKafka();

        _dialogs.WaitForAssertion(() => Assert.Contains("stands in the form again", _dialogs.Find(".note.info").TextContent), Patience);
        Assert.Equal("other", Value("#kafka-user"));
        Press("Discard");
        _dialogs.WaitForAssertion(() => Assert.Equal("portal", Value("#kafka-user")), Patience);
        Assert.Empty(Drafts.Kept);
        Assert.Empty(_dialogs.FindAll(".note.info"));
    }

    [Fact]
    public void Typed_SecretOfAnotherDay_IsNotShownAndIsSaved()
    {
        var before = new KafkaInstanceDraft { Name = "orders", Region = "gz", BootstrapServers = "kafka-1:9092", Security = KafkaSecurityProtocol.SaslPlaintext, UserName = "portal" };
        Drafts.Kept["draft-of-ckafka-a"] =
            (DraftKind.KafkaInstanceEdit, new EditDraft<KafkaInstanceDraft>(4, before, before with { Password = SecretChange.Replace("canary-typed") }), "form");

        EditKafka();
        _dialogs.WaitForAssertion(() => Assert.Contains("Typed before, not shown", _dialogs.Markup), Patience);
        Assert.DoesNotContain("canary-typed", _dialogs.Markup);
        Press("Replace");
        Press("Keep what was typed before");
        Save();

        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("#kafka-name")), Patience);
        Assert.Equal("canary-typed", ((KafkaInstanceDraft)Clusters.Saved[^1].Draft).Password.Value);
    }

    [Fact]
    public void Typed_BeforeAnotherSaved_OffersTheMergeAtOnce()
    {
        var before = new KafkaInstanceDraft { Name = "orders", Region = "gz", BootstrapServers = "kafka-0:9092", Security = KafkaSecurityProtocol.SaslPlaintext, UserName = "portal" };
        Drafts.Kept["draft-of-ckafka-a"] = (DraftKind.KafkaInstanceEdit, new EditDraft<KafkaInstanceDraft>(3, before, before with { UserName = "other" }), "form");

        EditKafka();

        _dialogs.WaitForAssertion(() => Assert.Contains("Somebody saved revision 4", Conflict.TextContent), Patience);
        Assert.True(SaveButton.HasAttribute("disabled"));
        Press("Merge mine on top");
        Assert.Equal(("kafka-1:9092", "other"), (Value("#kafka-servers"), Value("#kafka-user")));
        Assert.Equal(4, ((EditDraft<KafkaInstanceDraft>)Drafts.Kept["draft-of-ckafka-a"].Content).Revision);
    }

    [Fact]
    public void Typed_OfTheSandbox_HasTheAddressOfNow()
    {
        Clusters.KafkaInstances[0] = Instance with { IsEmbedded = true, Security = KafkaSecurityProtocol.Plaintext, BootstrapServers = "127.0.0.1:4002" };
        var before = new KafkaInstanceDraft { Name = "orders", Region = "gz", BootstrapServers = "127.0.0.1:4001", UserName = "portal" };
        Drafts.Kept["draft-of-ckafka-a"] = (DraftKind.KafkaInstanceEdit, new EditDraft<KafkaInstanceDraft>(4, before, before with { Description = "mine" }), "form");

        EditKafka();

        _dialogs.WaitForAssertion(() => Assert.Equal("mine", Value("#kafka-description")), Patience);
        Assert.Equal("127.0.0.1:4002", Value("#kafka-servers"));
        Assert.Contains("description: mine", _dialogs.Find(".diff").TextContent);
        Assert.DoesNotContain("bootstrap servers", _dialogs.Find(".diff").TextContent);
    }

    [Fact]
    public void Saved_IsKeptNoLonger()
    {
        EditMqtt();
        _dialogs.Find("#mqtt-name").Input("typed");
        Clock.Advance(TimeSpan.FromSeconds(1));
        _dialogs.WaitForAssertion(() => Assert.Single(Drafts.Kept), Patience);

        Save();

        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("#mqtt-name")), Patience);
        Assert.Empty(Drafts.Kept);
    }

    [Fact]
    public void Typed_ThatCannotBeKept_SaysWhy()
    {
        Drafts.Trouble = "The disk takes nothing.";
        EditMqtt();

        _dialogs.Find("#mqtt-name").Input("typed");
        Clock.Advance(TimeSpan.FromSeconds(1));

        _dialogs.WaitForAssertion(() => Assert.Contains("Not kept as a draft: The disk takes nothing.", _dialogs.Find(".mud-dialog-actions").TextContent), Patience);
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
