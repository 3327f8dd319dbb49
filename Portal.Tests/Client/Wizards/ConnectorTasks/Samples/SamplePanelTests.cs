using Bunit;
using Portal.Client.Contracts;
using Portal.Client.Wizards.ConnectorTasks.Samples;

namespace Portal.Tests.Client.Wizards.ConnectorTasks.Samples;

public class SamplePanelTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static ConnectorTaskDraft Settings => new() { ConnectionId = "resource-a", Topics = ["plant/#"] };

    [Fact]
    public void Panel_NothingToListenTo_SaysWhatIsMissing()
    {
        var panel = Panel(new ConnectorTaskDraft());

        Assert.Equal("Choose a connection first.", panel.Find("button[aria-disabled=true]").GetAttribute("title"));
        Assert.Contains("no task misses a message", panel.Find("[role=status]").TextContent);
    }

    [Fact]
    public void Start_Messages_AreShownBesideTheirRecordsAndTheTopicsCounted()
    {
        var panel = Panel(Settings);
        Start(panel);

        Write(new SampleView { Progress = SampleProgress.Listening, Received = 1 });
        Write(new SampleView
        {
            Progress = SampleProgress.Listening,
            Messages = [Message("plant/a", """{"t":1}"""), Message("plant/b", "x")],
            Received = 9,
            Topics = [new("plant/a", 8), new("plant/b", 1)],
        });

        panel.WaitForAssertion(() => Assert.Contains("2 samples", panel.Find(".ch").TextContent), Patience);
        Assert.Contains("\"t\":1", panel.Find("pre.payload").TextContent);
        Assert.Contains("not chosen yet", panel.Find("[aria-label='Kafka record']").TextContent);
        Assert.Contains("2 topics heard", panel.Find(".heard").TextContent);
        Assert.Equal((30, false, "plant/#"), (Sampling.Requests[0].Seconds, Sampling.Requests[0].EndsWhenFull, Sampling.Requests[0].Topics[0]));
    }

    [Fact]
    public void Stop_EndsTheSampleAndKeepsTheMessages()
    {
        var panel = Panel(Settings);
        Start(panel);
        Write(new SampleView { Progress = SampleProgress.Listening, Messages = [Message("plant/a", "1")], Received = 1 });
        panel.WaitForAssertion(() => Assert.Contains("1 sample", panel.Find(".ch").TextContent), Patience);

        Click(panel, "Stop sampling");

        panel.WaitForAssertion(() => Assert.Equal(1, Sampling.Ended), Patience);
        panel.WaitForAssertion(() => Assert.Contains("Stopped after 1 message.", panel.Markup), Patience);
        Assert.NotEmpty(panel.FindAll(".pair"));
    }

    [Fact]
    public void Ended_Refused_SaysWhyAndCanBeTriedAgain()
    {
        var panel = Panel(Settings);
        Start(panel);
        Write(new SampleView { Progress = SampleProgress.Ended, Ending = "The broker refused the connection: not authorised", Failed = true });

        panel.WaitForAssertion(() => Assert.Contains("not authorised", panel.Find(".note.bad").TextContent), Patience);
        Assert.Contains(panel.FindAll("button"), button => button.TextContent == "Start sampling 30 s");
    }

    [Fact]
    public void Records_FilteredAndFailing_AreCountedAndCanBeFound()
    {
        Sampling.Map = (_, message) => message.Topic switch
        {
            "plant/a" => new RecordView { Passes = true, Topic = "t" },
            "plant/b" => new RecordView { Passes = false, Topic = "t" },
            _ => new RecordView { Passes = true, Failure = "The message does not carry the user property 'x'." },
        };
        var panel = Panel(Settings);
        Start(panel);
        Write(new SampleView { Progress = SampleProgress.Ended, Messages = [Message("plant/a", "1"), Message("plant/b", "2"), Message("plant/c", "3")], Received = 3, Ending = "The time is over." });
        panel.WaitForAssertion(() => Assert.Contains("1 of 3 fail", panel.Find(".ch").TextContent), Patience);
        Assert.Contains("1 filtered out", panel.Find(".ch").TextContent);

        Click(panel, "Show a failing one");

        panel.WaitForAssertion(() => Assert.Contains("'x'", panel.Find(".pair .bad").TextContent), Patience);
    }

    [Fact]
    public void Write_AMessage_IsTriedWithoutABroker()
    {
        var panel = Panel(Settings);
        panel.Find("form").Submit();
        Assert.Contains("Name the MQTT topic", panel.Find("#written-topic-error").TextContent);

        panel.Find("#written-topic").Input("plant/mine");
        panel.Find("#written-payload").Input("21");
        panel.Find("form").Submit();

        Assert.Contains("plant/mine", panel.Find("[aria-label='MQTT message']").TextContent);
        Assert.Empty(Sampling.Requests);
    }

    [Fact]
    public async Task Leaving_WhileListening_EndsTheSample()
    {
        var panel = Panel(Settings);
        Start(panel);
        await DisposeComponentsAsync();

        await Eventually.TrueAsync(() => Sampling.Ended == 1, "the sample is ended");
    }

    private static MessageSample Message(string topic, string payload) => new() { Topic = topic, Payload = System.Text.Encoding.UTF8.GetBytes(payload) };

    private void Write(SampleView view) => Assert.True(Sampling.Views.Writer.TryWrite(view));

    // Found and clicked in one turn: a report may come in between.
    private static void Click(IRenderedComponent<SamplePanel> panel, string words) =>
        _ = panel.InvokeAsync(() => panel.FindAll("button").First(button => button.TextContent == words).Click());

    private void Start(IRenderedComponent<SamplePanel> panel)
    {
        Click(panel, "Start sampling 30 s");
        panel.WaitForAssertion(() => Assert.Single(Sampling.Requests), Patience);
    }

    private IRenderedComponent<SamplePanel> Panel(ConnectorTaskDraft settings) => Render<SamplePanel>(parameters => parameters
        .Add(panel => panel.Bench, new SampleBench(Sampling))
        .Add(panel => panel.Settings, settings));
}
