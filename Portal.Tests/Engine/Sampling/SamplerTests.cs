using System.Text;
using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Sampling;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Sampling;

/// <summary>How a sampler connects, what ends it, and that it always takes its leave.</summary>
public sealed class SamplerTests : IAsyncDisposable
{
    private readonly ScriptedBroker _broker = new();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task Listen_Subscribes_PlainFilterAtQosZeroInACleanSession()
    {
        var run = RunAsync(Order("plant/#") with { MaxMessages = 1 });
        await _broker.SubscribedAsync();
        await _broker.Last.PublishAsync(0, "21", qos: 0, topic: "plant/a");
        var last = (await run)[^1];

        var connect = _broker.Last.Received.First(packet => packet.Type == 1);
        var subscribe = _broker.Last.Received.First(packet => packet.Type == 8);
        Assert.Equal(2, connect.Body[7] & 2);
        Assert.Contains("sample-", Encoding.UTF8.GetString(connect.Body));
        Assert.Equal("plant/#"u8.ToArray(), subscribe.Body[^8..^1]);
        // QoS 0, Retain As Published, retained messages at once.
        Assert.Equal(0b0000_1000, subscribe.Body[^1]);
        Assert.Equal(SampleEnd.Full, last.End);
        Assert.Equal("plant/a", Assert.Single(last.Messages).Topic);
        Assert.Equal([new SampledTopic("plant/a", 1)], last.Topics);
        await SaidGoodbyeAsync();
    }

    [Fact]
    public async Task Listen_NotEndingWhenFull_NewerOnesTakeThePlace()
    {
        using var enough = new CancellationTokenSource();
        var reports = new List<SampleReport>();
        var run = RunAsync(Order("a") with { MaxMessages = 2, EndsWhenFull = false }, reports, TimeProvider.System, enough.Token);
        await _broker.SubscribedAsync();
        for (var number = 1; number <= 5; number++)
        {
            await _broker.Last.PublishAsync(0, $"{number}", qos: 0);
        }

        await Eventually.TrueAsync(() => reports.LastOrDefault() is { Received: 5 }, "five messages are counted");
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        Assert.Equal(["5", "4"], reports[^1].Messages.Select(message => Encoding.UTF8.GetString(message.Payload)));
        await SaidGoodbyeAsync();
    }

    [Fact]
    public async Task Listen_BytesRead_Ends()
    {
        var run = RunAsync(Order("a") with { MaxBytes = 10, EndsWhenFull = false });
        await _broker.SubscribedAsync();
        await _broker.Last.PublishAsync(0, "0123456789", qos: 0);
        await _broker.Last.PublishAsync(0, "not any more", qos: 0);

        var last = (await run)[^1];

        Assert.Equal(SampleEnd.BytesRead, last.End);
        Assert.Equal(1, last.Received);
    }

    [Fact]
    public async Task Listen_TimeOver_Ends()
    {
        var clock = new FakeTimeProvider();
        var reports = new List<SampleReport>();
        var run = RunAsync(Order("a") with { MaxTime = TimeSpan.FromSeconds(30) }, reports, clock, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => reports.LastOrDefault()?.State == SampleState.Listening, "it listens");
        Assert.Equal(clock.GetUtcNow().AddSeconds(30), reports[^1].EndsAt);

        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return run.IsCompleted;
            },
            "the time is over");

        Assert.Equal(SampleEnd.TimeOver, reports[^1].End);
        await SaidGoodbyeAsync();
    }

    [Fact]
    public async Task Listen_ConnectionLost_SaysWhy()
    {
        var run = RunAsync(Order("a"));
        await _broker.SubscribedAsync();
        await _broker.Last.SendAsync(0xE0, 2, 0x8B, 0);

        var last = (await run)[^1];

        Assert.Equal(SampleEnd.Lost, last.End);
        Assert.StartsWith("The broker is shutting down", last.Cause);
    }

    [Fact]
    public async Task Listen_ConnectRefused_SaysWhy()
    {
        _broker.ConnackCode = 0x87;

        var last = (await RunAsync(Order("a")))[^1];

        Assert.Equal((SampleState.Ended, SampleEnd.Refused), (last.State, last.End));
        Assert.Contains("not authorised", last.Cause);
    }

    [Fact]
    public async Task Listen_EverySubscriptionRefused_SaysWhichAndLeaves()
    {
        _broker.SubackCode = 0x87;

        var last = (await RunAsync(Order("a", "b")))[^1];

        Assert.Equal(SampleEnd.Refused, last.End);
        Assert.StartsWith("The broker refused to subscribe a: not authorised", last.Cause);
        await SaidGoodbyeAsync();
    }

    [Fact]
    public async Task Listen_FilterOfAGroup_IsNeverSubscribed()
    {
        var last = (await RunAsync(Order("$share/task_1/a")))[^1];

        Assert.Equal(SampleEnd.Refused, last.End);
        Assert.Equal(0, _broker.Accepted);
    }

    [Theory]
    [InlineData(0, 30)]
    [InlineData(101, 30)]
    [InlineData(20, 0)]
    [InlineData(20, 301)]
    public void Listen_BoundOutOfRange_IsRefused(int messages, int seconds) => Assert.ThrowsAny<ArgumentException>(() =>
        new Sampler(TimeProvider.System).ListenAsync(
            Order("a") with { MaxMessages = messages, MaxTime = TimeSpan.FromSeconds(seconds) }, TestContext.Current.CancellationToken));

    private SampleOrder Order(params string[] filters) => new()
    {
        Broker = new MqttBrokerSpec { Endpoints = [new MqttEndpoint(MqttTransport.Tcp, "127.0.0.1", _broker.Port)] },
        Filters = filters,
    };

    private static Task<List<SampleReport>> RunAsync(SampleOrder order) =>
        RunAsync(order, [], TimeProvider.System, TestContext.Current.CancellationToken);

    private static async Task<List<SampleReport>> RunAsync(
        SampleOrder order, List<SampleReport> reports, TimeProvider time, CancellationToken cancellationToken)
    {
        await foreach (var report in new Sampler(time).ListenAsync(order, cancellationToken))
        {
            reports.Add(report);
        }

        return reports;
    }

    private Task SaidGoodbyeAsync() =>
        Eventually.TrueAsync(() => _broker.Subscribed > 0 && _broker.Last.Received.Any(packet => packet.Type == 14) && _broker.Last.IsClosed, "it said DISCONNECT and is gone");
}
