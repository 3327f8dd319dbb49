using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Pipelines;

public sealed class ThrottleTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(100, null, 1, 100)]
    [InlineData(null, 1000, 10, 100)]
    [InlineData(100, 1000, 100, 10)]
    public void Charge_ForTenSeconds_PassesWhatTheTighterLimitAllows(int? messages, int? bytes, int size, int perSecond)
    {
        var throttle = Throttle.For(new LimitSpec { MessagesPerSecond = messages, BytesPerSecond = bytes }, _time)!;

        var passed = Pass(throttle, size, TimeSpan.FromSeconds(10));

        // A tenth of a second's worth may be kept up.
        Assert.InRange(passed, perSecond * 10, perSecond * 10 + perSecond / 10 + 1);
    }

    [Fact]
    public void Charge_MessageLargerThanASecondsWorth_PassesAndDelaysTheNext()
    {
        var throttle = Throttle.For(new LimitSpec { BytesPerSecond = 1000 }, _time)!;
        Assert.Equal(TimeSpan.Zero, throttle.Wait());

        throttle.Charge(5000);
        _time.Advance(TimeSpan.FromSeconds(4.8));
        Assert.True(throttle.Wait() > TimeSpan.Zero);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(TimeSpan.Zero, throttle.Wait());
    }

    [Fact]
    public void IsSlowing_AfterAWait_HoldsForAFewSeconds()
    {
        var throttle = Throttle.For(new LimitSpec { MessagesPerSecond = 1 }, _time)!;
        throttle.Charge(1);
        throttle.Charge(1);
        Assert.False(throttle.IsSlowing);

        throttle.Wait();
        Assert.True(throttle.IsSlowing);
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.False(throttle.IsSlowing);
    }

    [Fact]
    public void For_NoLimit_IsNothing() => Assert.Null(Throttle.For(LimitSpec.None, _time));

    [Fact]
    public async Task Limit_Reached_SlowsTheTaskSaysSoAndDropsNothing()
    {
        await using var rig = new EngineRig(time: _time);
        var connection = await rig.StartAsync(Quiet(rig.Spec()) with { Limits = new LimitSpec { MessagesPerSecond = 2 } });
        for (ushort id = 1; id <= 6; id++)
        {
            await connection.PublishAsync(id, $"{id}", qos: id % 2);
        }

        await Eventually.TrueAsync(() => rig.Snapshot.IsThrottled, "it waits");
        Assert.InRange(rig.Books.Delivered, 1, 2);
        Assert.Equal(PipelineStatus.Running, rig.Snapshot.Status);
        Assert.Contains("Throttled by its limit of 2 messages/s", Assert.Single(rig.Snapshot.Warnings));

        for (var step = 0; step < 60 && rig.Books.Delivered < 6; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal((6, 0), (rig.Books.Delivered, rig.Books.Discarded));
        await Eventually.TrueAsync(() => connection.Acknowledged is [1, 3, 5], "what was acknowledged is so in order");
    }

    [Fact]
    public async Task Apply_LimitRemovedWhileItWaits_GoesOnAtOnceInTheSameSession()
    {
        await using var rig = new EngineRig(time: _time);
        var spec = Quiet(rig.Spec());
        var connection = await rig.StartAsync(spec with { Limits = new LimitSpec { MessagesPerSecond = 1 } });
        for (ushort id = 1; id <= 5; id++)
        {
            await connection.PublishAsync(id, $"{id}");
        }

        await Eventually.TrueAsync(() => rig.Snapshot.IsThrottled, "it waits");
        var result = await rig.Supervisor.ApplyAsync(spec, TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(() => connection.Acknowledged.Count == 5, "everything is delivered");
        Assert.Equal((ApplyOutcome.Swapped, 1), (result.Outcome, rig.Broker.Accepted));
        Assert.False(rig.Snapshot.IsThrottled);
    }

    private static PipelineSpec Quiet(PipelineSpec spec) => spec with { Source = spec.Source with { KeepAlive = TimeSpan.FromHours(1) } };

    private int Pass(Throttle throttle, int size, TimeSpan span)
    {
        var end = _time.GetUtcNow() + span;
        var passed = 0;
        while (_time.GetUtcNow() < end)
        {
            while (throttle.Wait() == TimeSpan.Zero)
            {
                throttle.Charge(size);
                passed++;
            }

            _time.Advance(TimeSpan.FromMilliseconds(5));
        }

        return passed;
    }
}
