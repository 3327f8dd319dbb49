using Portal.Engine.Pipelines;
using Portal.Server.Live;
using Portal.Tests.Fakes;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.Live;

public sealed class RateHistoryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly RateHistory _rates = new();
    private readonly FakePipelineSupervisor _supervisor = new();
    private int _step;

    public async ValueTask InitializeAsync() => await _supervisor.ApplyAsync(Drafts.Spec(), CancellationToken.None);

    public ValueTask DisposeAsync() => _supervisor.DisposeAsync();

    [Fact]
    public void Sample_Steps_AreDifferencesOfTheBooks()
    {
        Sample(received: 1_000, delivered: 1_000);
        Sample(received: 1_050, delivered: 1_040);
        Sample(received: 1_050, delivered: 1_050);

        Assert.Equal([(0, 0), (10, 8), (0, 2)], Points());
    }

    [Fact]
    public async Task Sample_NewRun_CountsFromZero()
    {
        Sample(received: 1_000, delivered: 1_000);
        await _supervisor.RestartAsync(Drafts.Spec(), TestContext.Current.CancellationToken);
        Sample(received: 25, delivered: 20);

        Assert.Equal([(0, 0), (5, 4)], Points());
    }

    [Fact]
    public void Sample_Paused_IsSeenAsZeroes()
    {
        Sample(received: 10, delivered: 10);
        _rates.Sample([], Start + (_step++ * RateHistory.Step));
        _rates.Sample([], Start + (_step++ * RateHistory.Step));

        Assert.Equal([(0, 0), (0, 0), (0, 0)], Points());
    }

    [Fact]
    public void Sample_LongerThanAQuarterOfAnHour_KeepsTheNewest()
    {
        for (var number = 0; number < 400; number++)
        {
            Sample(received: number * 5, delivered: 0);
        }

        Assert.Equal(180, _rates.Of(Drafts.Id).Count);
        Assert.Equal(Start + (399 * RateHistory.Step), _rates.Of(Drafts.Id)[^1].At);
        Assert.All(Points(), point => Assert.Equal((1, 0), point));
    }

    [Fact]
    public void Of_UnknownTask_IsEmpty() => Assert.Empty(_rates.Of("task-unknown1"));

    private void Sample(long received, long delivered)
    {
        _supervisor.Show(Drafts.Id, photo => photo with { Books = new PipelineBooks(received, delivered, 0, 0, 0, 0, 0, 0, 0) });
        _rates.Sample(_supervisor.Snapshots(), Start + (_step++ * RateHistory.Step));
    }

    private IEnumerable<(double In, double Out)> Points() => _rates.Of(Drafts.Id).Select(point => (point.InPerSecond, point.OutPerSecond));
}
