using Bunit;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Detail;

public class TaskOverviewTests : TaskPageContext
{
    [Fact]
    public void Books_Balanced_StandAsAnEquationOfAllCounters()
    {
        Live(SampleTasks.Live(Id) with
        {
            Books = new TaskBooks(1_060, 1_000, 17, 20, 3, 4, 6, 10, 2),
            Window = 10_000,
            OldestOpen = TimeSpan.FromMilliseconds(11),
        });

        var books = Open().Find("section[aria-label=Books]");

        Assert.Contains("0 unaccounted for", books.TextContent);
        Assert.Equal(
            ["1\u202f060", "1\u202f000", "17", "20", "3", "4", "6", "10"],
            books.QuerySelectorAll(".b strong").Select(figure => figure.TextContent.Trim()));
        Assert.Equal("=++++++", string.Concat(books.QuerySelectorAll(".op").Select(sign => sign.TextContent)));
        Assert.Contains("11 ms", books.TextContent);
    }

    [Fact]
    public void Books_NotBalanced_SaysHowManyAreMissing()
    {
        Live(SampleTasks.Live(Id) with { Books = TaskBooks.Empty with { Received = 5, Delivered = 3 } });

        Assert.Contains("2 unaccounted for", Open().Find("section[aria-label=Books] .chip.bad").TextContent);
    }

    [Fact]
    public void Discards_WithReasons_AreCountedApart()
    {
        Live(SampleTasks.Live(Id) with { Discards = new Dictionary<string, long> { ["window full at QoS 0"] = 12 } });

        Assert.Contains("window full at QoS 0", Open().Find("section[aria-label=Books]").TextContent);
    }

    [Fact]
    public void Backlog_BrokerTells_IsShownWithTheOutageBudget()
    {
        Live(SampleTasks.Live(Id) with { Backlog = 1_200, BacklogLimit = 200_000, OutageBudgetSeconds = 720 });

        var card = Open().Find("section[aria-label='At the broker']").TextContent;

        Assert.Contains("1\u202f200", card);
        Assert.Contains("the broker would keep everything for about 12 min", card);
    }

    [Fact]
    public void Backlog_BrokerDoesNotTell_SaysSoAndHowLongSessionsAreKept()
    {
        Live(SampleTasks.Live(Id) with { SessionExpirySeconds = 3600 });

        var card = Open().Find("section[aria-label='At the broker']").TextContent;

        Assert.Contains("This broker does not tell", card);
        Assert.Contains("kept for 1 h", card);
    }

    [Fact]
    public void Latency_SincePublishing_IsShownWhereMessagesSayIt()
    {
        Assert.DoesNotContain("From publishing", Open().Find("section[aria-label=Latency]").TextContent);
        Live(SampleTasks.Live(Id) with { PublishLatencyP50 = 41, PublishLatencyP95 = 52, PublishLatencyP99 = 63 });

        var card = Open().Find("section[aria-label=Latency]").TextContent;

        Assert.Contains("From publishing to Kafka", card);
        Assert.Contains("63 ms", card);
    }
}
