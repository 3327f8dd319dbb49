using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using Portal.Client.Components.Charts;

namespace Portal.Tests.Client.Components.Charts;

public class TimeSeriesTests : PageContext
{
    private static readonly SeriesLine[] Lines = [new("in", "--in"), new("out", "--out", Dashed: true)];

    [Fact]
    public void Chart_ForThoseWhoDoNotSeeIt_SaysWhatItShows()
    {
        var chart = Chart(Row(0, 10, 9));

        Assert.Equal("In 10 messages a second", chart.Find("[role=img]").GetAttribute("aria-label"));
    }

    [Fact]
    public async Task Table_Opened_HasTheSameFiguresNewestFirstAndGrows()
    {
        var chart = Chart(Row(0, 10, 9), Row(5, 12_400, null));
        chart.Find("button").Click();
        Assert.Equal(["12.4\u202fk", "—"], Figures(chart, 0));

        await chart.InvokeAsync(() => chart.Instance.AppendAsync([Row(10, 7, 7)]));

        Assert.Equal(["7", "7"], Figures(chart, 0));
        Assert.Equal(3, chart.FindAll("tbody tr").Count);
    }

    [Fact]
    public async Task Append_SameTime_ReplacesThePoint()
    {
        var chart = Chart(Row(0, 10, 9));
        chart.Find("button").Click();

        await chart.InvokeAsync(() => chart.Instance.AppendAsync([Row(0, 11, 11)]));

        Assert.Equal(["11", "11"], Figures(chart, 0));
        Assert.Single(chart.FindAll("tbody tr"));
    }

    [Fact]
    public async Task Append_MoreThanItHolds_DropsTheOldest()
    {
        var chart = Chart([.. Enumerable.Range(0, 180).Select(i => Row(i, i, i))]);
        chart.Find("button").Click();

        await chart.InvokeAsync(() => chart.Instance.AppendAsync([Row(180, 500, 500)]));

        Assert.Equal(180, chart.FindAll("tbody tr").Count);
        Assert.Equal(["1", "1"], Figures(chart, 179));
    }

    [Fact]
    public void Library_Missing_SaysSoAndKeepsTheTable()
    {
        Services.AddSingleton<IJSRuntime>(new BrowserWithoutLibrary());

        var chart = Chart(Row(0, 10, 9));

        chart.WaitForAssertion(() => Assert.Contains("could not be loaded", chart.Markup));
        chart.Find("button").Click();
        Assert.Single(chart.FindAll("tbody tr"));
    }

    private static SeriesRow Row(int seconds, double? a, double? b) => new(Now.AddSeconds(seconds), [a, b]);

    private static IEnumerable<string> Figures(IRenderedComponent<TimeSeries> chart, int row) =>
        chart.FindAll("tbody tr")[row].QuerySelectorAll(".num").Select(cell => cell.TextContent);

    private IRenderedComponent<TimeSeries> Chart(params SeriesRow[] rows) => Render<TimeSeries>(parameters => parameters
        .Add(one => one.Title, "Messages per second").Add(one => one.Series, Lines).Add(one => one.Rows, rows)
        .Add(one => one.Summary, "In 10 messages a second"));

    private sealed class BrowserWithoutLibrary : IJSRuntime
    {
        public ValueTask<T> InvokeAsync<T>(string identifier, object?[]? args) =>
            throw new JSException("The chart library could not be loaded.");

        public ValueTask<T> InvokeAsync<T>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
            InvokeAsync<T>(identifier, args);
    }
}
