using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.History;
using Portal.Server.Live.Roster;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.History;

public sealed class KeepFiguresTests : IAsyncLifetime
{
    private TaskBench _bench = null!;
    private string _id = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private KeepFigures Loop => _bench.Hosted<KeepFigures>();

    public async ValueTask InitializeAsync()
    {
        _bench = await TaskBench.StartAsync();
        _id = await _bench.CreateAsync();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Keep_RunThatGoesOn_StoresWhatFlowedSinceTheLastRound()
    {
        await ShowAsync(received: 100, delivered: 90, open: 10);
        await ShowAsync(received: 150, delivered: 150, open: 0);

        Assert.Equal([(100L, 90L, 10L), (50, 60, 0)], (await OfTaskAsync()).Select(point => (point.Received, point.Confirmed, point.Open)));
    }

    [Fact]
    public async Task Keep_RunThatEndsBetweenTwoRounds_MissesNothingAndTheNextBeginsAtZero()
    {
        await ShowAsync(received: 100, delivered: 90, open: 10);
        var final = _bench.Supervisor.Find(_id)! with { Books = new PipelineBooks(120, 115, 0, 0, 0, 0, 5, 0, 0) };
        _bench.Get<TaskRoster>().Change(_id, entry => entry.Ended(final));
        _bench.Supervisor.Show(_id, photo => photo with { RunId = Guid.NewGuid(), Books = new PipelineBooks(3, 3, 0, 0, 0, 0, 0, 0, 0) });
        await RoundAsync();

        var points = await OfTaskAsync();

        Assert.Equal((123, 118, 5), (points.Sum(point => point.Received), points.Sum(point => point.Confirmed), points.Sum(point => point.Abandoned)));
    }

    [Fact]
    public async Task Stop_NoTimeLeft_StoresWhatWasSettledAtTheEndAllTheSame()
    {
        await ShowAsync(received: 100, delivered: 90, open: 10);
        _bench.Supervisor.Show(_id, photo => photo with { Books = new PipelineBooks(120, 120, 0, 0, 0, 0, 0, 0, 0) });
        _bench.Pump();
        _bench.Time.Advance(TimeSpan.FromSeconds(5));

        await Loop.StopAsync(new CancellationToken(canceled: true));

        Assert.Equal(120, (await OfTaskAsync()).Sum(point => point.Received));
    }

    [Fact]
    public async Task Keep_IdleTask_HasZerosAndNoLatency()
    {
        await ShowAsync(received: 0, delivered: 0, open: 0);

        var point = Assert.Single(await OfTaskAsync());
        Assert.Equal((0L, null), (point.Received, point.LatencyP99));
        Assert.Equal(5, point.Seconds);
    }

    [Fact]
    public async Task OfAll_TwoTasks_IsTheirSumAndThatOfTheirRegion()
    {
        var other = await _bench.CreateAsync(Drafts.Valid with { Name = "other" });
        _bench.Supervisor.Show(other, photo => photo with { Books = new PipelineBooks(7, 7, 0, 0, 0, 0, 0, 0, 0) });
        await ShowAsync(received: 100, delivered: 90, open: 10);

        Assert.Equal(107, (await OfAllAsync(null)).Sum(point => point.Received));
        Assert.Equal(107, (await OfAllAsync("gz")).Sum(point => point.Received));
        Assert.Equal(0, (await OfAllAsync("sh")).Sum(point => point.Received));
    }

    [Fact]
    public async Task OfTask_Unknown_IsNull() =>
        Assert.Null(await _bench.Get<IHistoryService>().OfTaskAsync("task-unknown1", HistoryRange.Default, null, Token));

    [Theory]
    [InlineData("15m", FigureStep.FiveSeconds)]
    [InlineData("1h", FigureStep.FiveSeconds)]
    [InlineData("6h", FigureStep.OneMinute)]
    [InlineData("24h", FigureStep.OneMinute)]
    [InlineData("7d", FigureStep.TenMinutes)]
    internal void StepOf_Range_IsTheFinestThatFits(string range, FigureStep step) =>
        Assert.Equal(step, HistoryService.StepOf(HistoryRange.Find(range)!, new RetentionOptions()));

    [Fact]
    public void StepOf_StepThatIsNotKeptThatLong_IsTheNext() =>
        Assert.Equal(FigureStep.OneMinute, HistoryService.StepOf(HistoryRange.Find("1h")!, new RetentionOptions { FiveSeconds = TimeSpan.FromMinutes(15) }));

    private async Task ShowAsync(long received, long delivered, long open)
    {
        _bench.Supervisor.Show(_id, photo => photo with { Books = new PipelineBooks(received, delivered, 0, 0, 0, 0, 0, open, 0) });
        await RoundAsync();
    }

    private async Task RoundAsync()
    {
        _bench.Pump();
        _bench.Time.Advance(TimeSpan.FromSeconds(5));
        await Loop.KeepAsync(Token);
    }

    private async Task<IReadOnlyList<HistoryPoint>> OfTaskAsync() =>
        (await _bench.Get<IHistoryService>().OfTaskAsync(_id, HistoryRange.Default, null, Token))!.Points;

    private async Task<IReadOnlyList<HistoryPoint>> OfAllAsync(string? region) =>
        (await _bench.Get<IHistoryService>().OfAllAsync(region, HistoryRange.Default, null, Token)).Points;
}
