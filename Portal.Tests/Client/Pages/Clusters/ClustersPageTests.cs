using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Pages.Clusters;

namespace Portal.Tests.Client.Pages.Clusters;

public class ClustersPageTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IRenderedComponent<MudDialogProvider> _dialogs;

    public ClustersPageTests()
    {
        _dialogs = Render<MudDialogProvider>();
        Clusters.Regions.Add(new Region("gz", "Guangzhou"));
        Clusters.MqttClusters.Add(SampleConnections.Cluster);
        Clusters.KafkaInstances.Add(new KafkaInstanceView
        {
            Id = "ckafka-a",
            Name = "sandbox",
            Region = "gz",
            BootstrapServers = "127.0.0.1:9092",
            IsEmbedded = true,
        });
    }

    [Fact]
    public void List_Sandbox_IsMarkedAsForgettable()
    {
        var rows = Render<ClustersPage>().FindAll("tbody tr");

        Assert.DoesNotContain("sandbox, in memory", rows[0].TextContent);
        Assert.Contains("sandbox, in memory", rows[1].TextContent);
    }

    [Fact]
    public void List_WhatUsesThem_LeadsToTheListOfIt()
    {
        Clusters.MqttClusters[0] = SampleConnections.Cluster with { Connections = 3 };
        Clusters.KafkaInstances[0] = Clusters.KafkaInstances[0] with { Tasks = 1 };

        var page = Render<ClustersPage>();

        var connections = page.Find("td[data-label=Connections] a");
        Assert.Equal(("3", $"3 connections of {SampleConnections.Cluster.Name}", $"/connections?cluster={SampleConnections.Cluster.Id}"),
            (connections.TextContent, connections.GetAttribute("aria-label"), connections.GetAttribute("href")));
        var tasks = page.Find("td[data-label=Tasks] a");
        Assert.Equal(("1", "1 task of sandbox", "/tasks?kafka=ckafka-a"), (tasks.TextContent, tasks.GetAttribute("aria-label"), tasks.GetAttribute("href")));
    }

    [Fact]
    public void List_Health_IsShownWithSinceWhenAndFollowed()
    {
        Clusters.Health.Add(new(SampleConnections.Cluster.Id, ConnectionStatus.Abnormal) { Since = Now.AddHours(-3), Cause = "No answer in 5 s." });
        var page = Render<ClustersPage>();

        var health = page.FindAll("tbody tr")[0].QuerySelectorAll("td")[1].TextContent;
        Assert.All(["Unreachable", "No answer in 5 s.", "since 2026-11-22 11:00:00"], words => Assert.Contains(words, health));
        Assert.Equal("not tested", page.FindAll("tbody tr")[1].QuerySelector("td [title='No test of it is kept']")!.TextContent);

        Clusters.Health[0] = new(SampleConnections.Cluster.Id, ConnectionStatus.Running) { CheckedAt = Now };
        Clock.Advance(TimeSpan.FromSeconds(10));
        page.WaitForAssertion(() => Assert.Contains("Available", page.FindAll("tbody tr")[0].TextContent), Patience);
    }

    [Fact]
    public void Register_TypedBeforeAReload_IsListedAndGoneOnWith()
    {
        var id = Drafts.Keep(new KafkaInstanceDraft { Name = "south", Region = "gz", BootstrapServers = "kafka-9:9092" }, "form");
        var page = Render<ClustersPage>();

        page.FindAll("button").Single(button => button.TextContent == "Continue your draft of a Kafka instance “south”").Click();
        _dialogs.WaitForAssertion(() => Assert.Equal("kafka-9:9092", _dialogs.Find("#kafka-servers").GetAttribute("value")), Patience);
        Assert.Contains("Draft saved", _dialogs.Find(".mud-dialog-actions").TextContent);
        _dialogs.Find("#kafka-servers").Input("kafka-8:9092");
        Clock.Advance(TimeSpan.FromSeconds(1));
        _dialogs.WaitForAssertion(() => Assert.Equal("kafka-8:9092", ((KafkaInstanceDraft)Drafts.Kept[id].Content).BootstrapServers), Patience);
        Clusters.Answer = CommandResult.Accepted("ckafka-b");
        _dialogs.FindAll("button").Single(button => button.TextContent == "Register").Click();

        page.WaitForAssertion(() => Assert.DoesNotContain("Continue your draft", page.Markup), Patience);
        Assert.Empty(Drafts.Kept);
        Assert.Equal(["save new kafka"], Clusters.Commands);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "1 task writes to it. Delete it or give it another instance first.")]
    [InlineData(1200, "1\u202f200 tasks write to it. Delete them or give them another instance first.")]
    public void Delete_InUse_SaysByHowMany(int tasks, string? why) =>
        Assert.Equal(why, ClusterRemoval.InUse(Clusters.KafkaInstances[0] with { Tasks = tasks }));

    [Fact]
    public void Register_ByAddress_OpensTheFormOnce()
    {
        Navigation.NavigateTo("/clusters?register=kafka");
        Render<ClustersPage>();

        _dialogs.WaitForState(() => _dialogs.FindAll("#kafka-name").Count == 1, Patience);
        Assert.EndsWith("/clusters", Navigation.Uri);
    }

    [Fact]
    public void RowKey_E_OpensTheFormOfTheRow()
    {
        var page = Render<ClustersPage>();
        Assert.Equal(("ckafka-a", "e"), (page.FindAll("tbody tr")[1].GetAttribute("data-row"), page.FindAll("tbody tr")[1].GetAttribute("data-row-keys")));

        _ = page.InvokeAsync(() => Services.GetRequiredService<RowKeys>().PressAsync("e", "ckafka-a"));

        _dialogs.WaitForAssertion(() => Assert.Equal("sandbox", _dialogs.Find("#kafka-name").GetAttribute("value")), Patience);
    }

    [Fact]
    public void Register_Typed_IsADraftOfItsOwn()
    {
        var page = Render<ClustersPage>();
        page.FindAll("button").Single(button => button.TextContent == "Register an MQTT cluster").Click();
        _dialogs.WaitForState(() => _dialogs.FindAll("#mqtt-name").Count == 1, Patience);

        _dialogs.Find("#mqtt-name").Input("south");
        Clock.Advance(TimeSpan.FromSeconds(1));

        _dialogs.WaitForAssertion(() => Assert.Equal("south", ((MqttClusterDraft)Assert.Single(Drafts.Kept).Value.Content).Name), Patience);
    }

    [Fact]
    public void Register_Accepted_AddsTheCluster()
    {
        var page = Render<ClustersPage>();
        page.FindAll("button").Single(button => button.TextContent == "Register an MQTT cluster").Click();
        _dialogs.WaitForState(() => _dialogs.FindAll("#mqtt-name").Count == 1, Patience);

        _dialogs.Find("#mqtt-name").Input("south");
        _dialogs.Find("[aria-label=Host]").Input("mq.south.example");
        _dialogs.Find(".btn.primary").Click();

        page.WaitForAssertion(() => Assert.Equal(["save new mqtt"], Clusters.Commands), Patience);
        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("#mqtt-name")), Patience);
    }

    [Fact]
    public void Register_PresetThenPastedAddress_FillsTheForm()
    {
        var page = Render<ClustersPage>();
        page.FindAll("button").Single(button => button.TextContent == "Register an MQTT cluster").Click();
        _dialogs.WaitForState(() => _dialogs.FindAll("#mqtt-preset").Count == 1, Patience);

        _dialogs.Find("#mqtt-preset").Change("Azure Event Grid");
        Assert.Equal("8883", _dialogs.Find("[aria-label=Port]").GetAttribute("value"));
        Assert.Contains("100 messages", _dialogs.Markup);

        _dialogs.Find("#mqtt-paste").Input("wss://alice:hunter2@mq.example:8084/ws");
        _dialogs.FindAll("button").Single(button => button.TextContent == "Fill the form").Click();

        Assert.Equal("mq.example", _dialogs.Find("[aria-label=Host]").GetAttribute("value"));
        Assert.Equal("/ws", _dialogs.Find("[aria-label=Path]").GetAttribute("value"));
        Assert.Contains("User name and password belong to the connection", _dialogs.Markup);
        Assert.DoesNotContain("hunter2", _dialogs.Markup);
        // TLS is used now, so its fields are there.
        Assert.NotEmpty(_dialogs.FindAll("#mqtt-minimum-tls"));
    }

    [Fact]
    public void Register_Wrong_ShowsErrorsAtTheirFieldsAndStaysOpen()
    {
        Clusters.Answer = CommandResult.Invalid([new("Name", "Give it a name."), new("Endpoints[0]", "Give the host name.")]);
        var page = Render<ClustersPage>();
        page.FindAll("button").Single(button => button.TextContent == "Register an MQTT cluster").Click();
        _dialogs.WaitForState(() => _dialogs.FindAll("#mqtt-name").Count == 1, Patience);

        _dialogs.Find(".btn.primary").Click();

        _dialogs.WaitForAssertion(() => Assert.Contains("Give the host name.", _dialogs.Markup), Patience);
        Assert.Equal("Give it a name.", _dialogs.Find("#mqtt-name-error").TextContent.Trim());
        _dialogs.Find("#mqtt-name").Input("south");
        Assert.Equal("", _dialogs.Find("#mqtt-name-error").TextContent.Trim());
    }

    [Fact]
    public void Transport_ToTls_TakesItsUsualPortAndOffersCertificates()
    {
        var page = Render<ClustersPage>();
        page.FindAll("button").Single(button => button.TextContent == "Register an MQTT cluster").Click();
        _dialogs.WaitForState(() => _dialogs.FindAll("#mqtt-name").Count == 1, Patience);
        Assert.Empty(_dialogs.FindAll("#mqtt-ca"));

        _dialogs.Find("[aria-label=Transport]").Change("Tls");

        Assert.Equal("8883", _dialogs.Find("[aria-label=Port]").GetAttribute("value"));
        Assert.NotNull(_dialogs.Find("#mqtt-ca"));
    }

    [Fact]
    public void Edit_OfAnAddress_ShowsWhoRestartsAndSavesSo()
    {
        Clusters.Dependents.Add(new DependentTask("task-a", "plates", true, 1));
        EditMqtt();

        _dialogs.Find("[aria-label=Host]").Input("mq2.north.example");

        Assert.Contains("mq2.north.example", _dialogs.Find(".diff").TextContent);
        Assert.Equal("Save and restart 1 task", _dialogs.Find(".mud-dialog-actions .primary").TextContent);
        _dialogs.Find(".mud-dialog-actions .primary").Click();
        _dialogs.WaitForAssertion(() => Assert.Equal(["save mqtt-y8k3m2ab restarting"], Clusters.Commands), Patience);
    }

    [Fact]
    public void Edit_OfTheNameOnly_RestartsNobody()
    {
        Clusters.Dependents.Add(new DependentTask("task-a", "plates", true, 1));
        EditMqtt();

        _dialogs.Find("#mqtt-name").Input("north-2");

        Assert.Empty(_dialogs.FindAll("[role=switch]"));
        _dialogs.Find(".mud-dialog-actions .primary").Click();
        _dialogs.WaitForAssertion(() => Assert.Equal(["save mqtt-y8k3m2ab"], Clusters.Commands), Patience);
    }

    [Fact]
    public void Delete_InUse_SaysWhyNot()
    {
        Clusters.MqttClusters[0] = SampleConnections.Cluster with { Connections = 3 };
        var page = Render<ClustersPage>();

        page.Find("#menu-of-mqtt-y8k3m2ab").Click();

        Assert.Contains("3 connections sign in to it", page.Find("[role=menuitem][aria-disabled=true]").TextContent);
    }

    private void EditMqtt()
    {
        var page = Render<ClustersPage>();
        page.Find("#menu-of-mqtt-y8k3m2ab").Click();
        page.FindAll("[role=menuitem]").Single(item => item.TextContent == "Edit").Click();
        _dialogs.WaitForState(() => _dialogs.FindAll("#mqtt-name").Count == 1, Patience);
    }
}
