using Bunit;
using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.Detail;
using Portal.Client.Pages.ConnectorTasks.Detail.Messages;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Detail.Messages;

public class TaskMessagesTests : PageContext
{
    private static readonly ConnectorTaskView Plates = SampleTasks.Task("task-plates01", "plates");

    [Fact]
    public void Tab_InTheAddress_ReadsTheTargetTopicOnce()
    {
        Tasks.Tasks.Add(Plates);

        var page = Render<ConnectorTaskPage>(parameters => parameters.Add(one => one.Id, Plates.Id).Add(one => one.Tab, "messages"));

        page.WaitForAssertion(() => Assert.Equal([("ckafka-a", "plates", new RecordQuery())], Topics.Readings));
        Assert.Equal("page", page.Find($"a[href='/tasks/{Plates.Id}/messages']").GetAttribute("aria-current"));
    }

    [Fact]
    public void Loading_ShowsASkeletonAndSaysBusy()
    {
        Topics.Gate = new TaskCompletionSource();

        var tab = RenderTab(Plates);

        Assert.Equal("true", tab.Find("section").GetAttribute("aria-busy"));
        Assert.Single(tab.FindAll(".skeleton"));
        Topics.Gate.SetResult();
        tab.WaitForAssertion(() => Assert.Contains("No messages in this topic", tab.Markup));
    }

    [Fact]
    public void Record_Opened_ShowsValueAsTextJsonAndHexAndHeadersInOrder()
    {
        Topics.Records = Answer(Record("""{"a":1}"""u8.ToArray()) with
        {
            Headers = [new RecordHeaderView("h", "one"u8.ToArray()), new RecordHeaderView("h", "two"u8.ToArray()), new RecordHeaderView("n", null)],
        });
        var tab = RenderTab(Plates);

        tab.WaitForElement("button[aria-expanded=false]").Click();

        Assert.Equal("""{"a":1}""", tab.Find("pre").TextContent);
        Assert.Equal(["h", "h", "n"], tab.FindAll(".headers dt").Select(name => name.TextContent));
        Assert.Equal(["one", "two", "null"], tab.FindAll(".headers dd").Select(value => value.TextContent.Trim()));
        tab.FindAll(".seg button").First(button => button.TextContent == "JSON").Click();
        Assert.Equal("{\n  \"a\": 1\n}", tab.Find("pre").TextContent);
        tab.FindAll(".seg button").First(button => button.TextContent == "Hex").Click();
        Assert.StartsWith("00000000  7b 22 61", tab.Find("pre").TextContent);
    }

    [Fact]
    public void Record_Cut_OffersTheWholeAndNoJson()
    {
        Topics.Records = Answer(Record("{\"a\":"u8.ToArray()) with { ValueBytes = 100_000, IsTruncated = true });
        var tab = RenderTab(Plates);
        tab.WaitForElement("button[aria-expanded=false]").Click();

        Assert.EndsWith("/kafka-instances/ckafka-a/topics/plates/records/0/7/value", tab.Find("a[download]").GetAttribute("href"));
        tab.FindAll(".seg button").First(button => button.TextContent == "JSON").Click();
        Assert.Contains("Only its beginning is here", tab.Markup);
    }

    [Fact]
    public void PartitionWithAProblem_IsNamedBesideTheRecordsOfTheOthers()
    {
        Topics.Records = ReadResult.Of(new TopicRecords([Record("x"u8.ToArray())], [new PartitionView(0, 0, 8, null), new PartitionView(1, null, null, "it has no leader.")], Now));

        var tab = RenderTab(Plates);

        tab.WaitForAssertion(() => Assert.Contains("Partition 1: it has no leader.", tab.Markup));
        Assert.NotEmpty(tab.FindAll("tbody tr"));
    }

    [Fact]
    public void Forbidden_SaysWhatIsNeeded()
    {
        Topics.Records = ReadResult.Not<TopicRecords>(CommandOutcome.Forbidden, "Needs the role Viewer.");

        var tab = RenderTab(Plates);

        tab.WaitForAssertion(() => Assert.Contains("You may not read messages", tab.Markup));
        Assert.Contains("Needs the role Viewer.", tab.Markup);
    }

    [Fact]
    public void ReadAgain_KafkaSilent_KeepsWhatWasReadAndSaysWhy()
    {
        Topics.Records = Answer(Record("kept"u8.ToArray()));
        var tab = RenderTab(Plates);
        tab.WaitForAssertion(() => Assert.Contains("kept", tab.Markup));

        Topics.Records = ReadResult.Not<TopicRecords>(CommandOutcome.Refused, "Kafka did not answer.");
        tab.FindAll("button").Single(button => button.TextContent == "Read again").Click();

        tab.WaitForAssertion(() => Assert.Contains("Kafka did not answer.", tab.Find("[role=alert]").TextContent));
        Assert.Contains("kept", tab.Find(".updating").TextContent);
    }

    [Fact]
    public void CountAndPartition_Chosen_GoIntoTheAddress()
    {
        Topics.Records = ReadResult.Of(new TopicRecords([], [new PartitionView(0, 0, 0, null), new PartitionView(1, 0, 0, null)], Now));
        var tab = RenderTab(Plates);
        tab.WaitForAssertion(() => Assert.Equal(3, tab.FindAll("select")[1].Children.Length));

        tab.FindAll("select")[1].Change("1");
        Assert.EndsWith("/tasks/task-plates01/messages?partition=1", Navigation.Uri);
        tab.FindAll("select")[0].Change("100");

        Assert.EndsWith("/tasks/task-plates01/messages?partition=1&count=100", Navigation.Uri);
        tab.WaitForAssertion(() => Assert.Equal(new RecordQuery { Count = 100, Partition = 1 }, Topics.Readings[^1].Query));
    }

    [Fact]
    public void Template_ListsTheTopicsThatFit()
    {
        foreach (var name in new[] { "iot.a.state", "iot.b.state", "other" })
        {
            Topics.Topics.Add(new TopicView(name, 1, 1, []));
        }

        var tab = RenderTab(Plates with { Settings = Plates.Settings with { Distribution = DistributionPolicy.Template, TopicTemplate = "iot.{topic[1]}.state" } });

        tab.WaitForAssertion(() => Assert.Equal(["iot.a.state", "iot.b.state"], tab.FindAll("select")[0].Children.Select(option => option.TextContent)));
        tab.FindAll("select")[0].Change("iot.b.state");
        tab.WaitForAssertion(() => Assert.Equal("iot.b.state", Topics.Readings[^1].Topic));
    }

    private static TopicRecordView Record(byte[] value) => new() { Partition = 0, Offset = 7, At = Now, Key = "k"u8.ToArray(), Value = value, ValueBytes = value.Length };

    private static ReadResult<TopicRecords> Answer(params TopicRecordView[] records) =>
        ReadResult.Of(new TopicRecords(records, [new PartitionView(0, 0, 8, null)], Now));

    private IRenderedComponent<TaskMessages> RenderTab(ConnectorTaskView task) => Render<TaskMessages>(parameters => parameters.Add(tab => tab.Task, task));
}
