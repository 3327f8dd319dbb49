using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Client.Components.Charts;
using Portal.Client.Contracts;
using Portal.Client.Live;
using Portal.Client.Pages.ConnectorTasks.Detail.Charts;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Detail.Charts;

public class TaskChartsTests : PageContext
{
    private const string Id = "task-aaaaaaaa";

    [Fact]
    public void Charts_NothingStored_SaysSo() => Assert.Contains("No data yet", Open().Find(".empty").TextContent);

    [Fact]
    public void Charts_BeforeTheAnswer_ShowASkeleton()
    {
        History.Gate = new TaskCompletionSource().Task;

        Assert.NotNull(Open().Find("[aria-busy=true]"));
    }

    [Fact]
    public void Charts_ServiceFails_SayWhyAndTryAgain()
    {
        History.Gate = Task.FromException(new InvalidOperationException("The database is locked."));
        var charts = Open();
        Assert.Contains("The database is locked.", charts.Find("[role=alert]").TextContent);

        History.Gate = Task.CompletedTask;
        History.Points.Add(Point(-5, 200));
        charts.FindAll("button").First(button => button.TextContent == "Try again").Click();

        Assert.Equal(HistoryChart.OfTask.Count, charts.FindAll("[role=img]").Count);
    }

    [Fact]
    public void Charts_Points_EachSaysInASentenceWhatItShows()
    {
        History.Points.Add(Point(-10, 500));
        History.Points.Add(Point(-5, 200) with { DeadLettered = 3 });
        var charts = Open();

        var sentences = charts.FindAll("[role=img]").Select(chart => chart.GetAttribute("aria-label")!).ToList();

        Assert.Equal("Messages per second in the last 1 h: in from MQTT 40, highest 100; out to Kafka 40, highest 100.", sentences[0]);
        Assert.Contains("dead letters 3;", sentences[4]);
    }

    [Fact]
    public void Range_InTheAddress_IsAskedForAndMarked()
    {
        Navigation.NavigateTo($"/tasks/{Id}?range=24h");
        var charts = Open();

        Assert.Equal([$"{Id} 24h"], History.Queries);
        Assert.Equal("24 h", charts.Find(".ranges [aria-current]").TextContent);
        Assert.EndsWith($"/tasks/{Id}", charts.FindAll(".ranges a")[1].GetAttribute("href"));
        Assert.EndsWith("range=7d", charts.FindAll(".ranges a")[4].GetAttribute("href"));
    }

    [Fact]
    public void Range_Unknown_IsSaidAndTheLastHourShown()
    {
        Navigation.NavigateTo($"/tasks/{Id}?range=9y");

        Assert.Contains("There is no range “9y”", Open().Find("[role=status]").TextContent);
        Assert.Equal([$"{Id} 1h"], History.Queries);
    }

    [Fact]
    public void Beat_NewPoint_IsAskedForSinceTheLastAndHiddenPagesAskNothing()
    {
        History.Points.Add(Point(-5, 200));
        var charts = Open();
        History.Points.Add(Point(0, 300));
        Clock.Advance(TimeSpan.FromSeconds(5));
        charts.WaitForAssertion(() => Assert.Equal([$"{Id} 1h", $"{Id} 1h since"], History.Queries));

        Services.GetRequiredService<PageVisibility>().Set(hidden: true);
        Clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(2, History.Queries.Count);
    }

    [Fact]
    public void Marks_StatusAndEdit_AreAskedForAndSessionsAreNot()
    {
        History.Points.Add(Point(-5, 200));
        Open();

        Assert.Equal(TaskEventQuery.Marks, TaskEvents.Queries[0].Kinds);
        Assert.Equal(Now - TimeSpan.FromHours(1), TaskEvents.Queries[0].From);
    }

    [Fact]
    public void Rows_StepsMissing_AreAGap()
    {
        var rows = HistoryRows.Of([Point(-30, 5), Point(-25, 5), Point(-5, 5)], TimeSpan.FromSeconds(5), point => point.Received);

        Assert.Equal([5d, 5d, null, 5d], rows.Select(row => row.Values[0]));
        Assert.Equal(Now.AddSeconds(-20), rows[2].At);
    }

    private static HistoryPoint Point(int second, long count) =>
        new() { At = Now.AddSeconds(second), Seconds = 5, Received = count, Confirmed = count };

    private IRenderedComponent<TaskCharts> Open() => Render<TaskCharts>(parameters => parameters.Add(charts => charts.TaskId, Id));
}
