using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Pipelines;
using Portal.Engine.Sources;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Sources;

public sealed class ProgressWatchTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Look_OpenAndNothingSettled_SaysSoAfterTheLimitAndThenAfterTwiceAsLong()
    {
        var watch = new ProgressWatch(new DeliverySpec(), _time);

        Assert.Null(Look(watch, open: 3));
        Assert.Null(LookAfter(watch, 59, open: 3));
        Assert.Contains("3 of its messages were open and none was settled for 60 s", LookAfter(watch, 1, open: 3));
        Assert.Null(LookAfter(watch, 119, open: 3));
        Assert.NotNull(LookAfter(watch, 1, open: 3));
    }

    [Fact]
    public void Look_SomethingSettled_BeginsAnew()
    {
        var watch = new ProgressWatch(new DeliverySpec(), _time);
        Look(watch, open: 3);

        Assert.Null(LookAfter(watch, 60, open: 3, delivered: 1));
        Assert.Null(LookAfter(watch, 59, open: 3, delivered: 1));
        Assert.NotNull(LookAfter(watch, 1, open: 3, delivered: 1));
    }

    [Fact]
    public void Look_QuietBroker_IsNoStandstill()
    {
        var watch = new ProgressWatch(new DeliverySpec(), _time);

        Assert.Null(LookAfter(watch, 3600, open: 0));
        Assert.Null(LookAfter(watch, 3600, open: 0));
    }

    [Fact]
    public void Look_ReadingHeldWithNothingOpen_SaysSo()
    {
        var watch = new ProgressWatch(new DeliverySpec(), _time);
        Look(watch, open: 0, held: true);

        Assert.Contains("It read nothing for 60 s", LookAfter(watch, 60, open: 0, held: true));
    }

    [Fact]
    public void Look_RetriesOfARefusedRecord_AreWaitedFor()
    {
        var watch = new ProgressWatch(new DeliverySpec { RetryAttempts = 3, RetryInterval = TimeSpan.FromSeconds(100) }, _time);
        Look(watch, open: 1);

        Assert.Null(LookAfter(watch, 359, open: 1));
        Assert.NotNull(LookAfter(watch, 1, open: 1));
    }

    [Fact]
    public async Task Client_MessageLostBetweenTheParts_IsConnectedAnewAndSaysWhy()
    {
        await using var rig = new EngineRig(answersAtOnce: false, _time);
        var spec = rig.Spec();
        var connection = await rig.StartAsync(spec with { Source = spec.Source with { KeepAlive = TimeSpan.FromHours(1) } });
        await connection.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => rig.Sinks.Last.Open == 1, "it is with the sink");
        rig.Sinks.Last.Forget();

        await TickAsync(() => rig.Broker.Subscribed == 2, 90);

        await Eventually.TrueAsync(() => rig.Snapshot.Status == PipelineStatus.Running, "it runs again");
        Assert.Contains("none was settled for 60 s, although Kafka answers", Assert.Single(rig.Snapshot.Warnings));
        Assert.Equal((1, 1L), (rig.Snapshot.Clients[0].Reconnects, rig.Books.Abandoned));
    }

    private static string? Look(ProgressWatch watch, long open, long delivered = 0, bool held = false) =>
        watch.Look(1, new PipelineBooks(open + delivered, delivered, 0, 0, 0, 0, 0, open, 0), held);

    private string? LookAfter(ProgressWatch watch, int seconds, long open, long delivered = 0, bool held = false)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return Look(watch, open, delivered, held);
    }

    private async Task TickAsync(Func<bool> until, int most)
    {
        for (var second = 0; second < most && !until(); second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await Eventually.TrueAsync(until, "it happened within the time");
    }
}
