using System.Text;
using Microsoft.Extensions.Time.Testing;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Sources;

public sealed class PublishSampleTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(-500, 500)]
    [InlineData(700, 0)]
    public async Task Latency_MessageSaysWhenItWasPublished_IsMeasuredFromThere(int published, double expected)
    {
        await using var rig = new EngineRig(time: _time);
        var spec = rig.Spec();
        var connection = await rig.StartAsync(spec with { Source = spec.Source with { KeepAlive = TimeSpan.FromHours(1) } });

        for (ushort id = 1; id <= 3; id++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await connection.PublishAsync(id, "x", properties: Timestamp(_time.GetUtcNow().AddMilliseconds(published)));
            await Eventually.TrueAsync(() => rig.Books.Delivered == id, "it is delivered");
        }

        Assert.InRange(rig.Snapshot.PublishLatency.P50!.Value, expected * 0.94, (expected * 1.06) + 0.1);
    }

    [Fact]
    public async Task Latency_FromPublishingOfTwoClients_IsThatOfTheOneThatReceived()
    {
        await using var rig = new EngineRig(time: _time);
        var spec = rig.Spec(clients: 2);
        var connection = await rig.StartAsync(spec with { Source = spec.Source with { KeepAlive = TimeSpan.FromHours(1) } });
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await connection.PublishAsync(1, "x", properties: Timestamp(_time.GetUtcNow().AddMilliseconds(-500)));

        await Eventually.TrueAsync(() => rig.Snapshot.PublishLatency.P50 is not null, "it is measured");
        var photo = rig.Snapshot;
        var receiver = photo.Clients.Single(client => client.Books.Received == 1);
        Assert.Equal(photo.PublishLatency, receiver.PublishLatency);
        Assert.Null(photo.Clients.Single(client => client != receiver).PublishLatency.P50);
    }

    [Fact]
    public async Task Latency_SampleIsFiltered_TheNextOneIsTaken()
    {
        await using var rig = new EngineRig(time: _time);
        var spec = rig.Spec();
        spec = spec with { Source = spec.Source with { KeepAlive = TimeSpan.FromHours(1) } };
        var connection = await rig.StartAsync(spec with { Filter = "qos = 2" });
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await connection.PublishAsync(1, "x", properties: Timestamp(_time.GetUtcNow()));
        await Eventually.TrueAsync(() => rig.Books.Filtered == 1, "it is filtered");
        await rig.Supervisor.ApplyAsync(spec, TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromSeconds(1));
        await connection.PublishAsync(2, "x", properties: Timestamp(_time.GetUtcNow().AddSeconds(-2)));

        await Eventually.TrueAsync(() => rig.Snapshot.PublishLatency.P50 > 1800, "the second one is measured");
    }

    [Fact]
    public async Task Latency_MessagesDoNotSay_IsUnknown()
    {
        await using var rig = new EngineRig(time: _time);
        var connection = await rig.StartAsync(rig.Spec());

        await connection.PublishAsync(1, "x");

        await Eventually.TrueAsync(() => rig.Books.Delivered == 1, "it is delivered");
        Assert.Null(rig.Snapshot.PublishLatency.P50);
        Assert.NotNull(rig.Snapshot.Latency.P50);
    }

    [Fact]
    public async Task Latency_OfTwoClients_IsThatOfTheOneThatReceived()
    {
        await using var rig = new EngineRig(time: _time);
        var connection = await rig.StartAsync(rig.Spec(clients: 2));

        await connection.PublishAsync(1, "x");

        await Eventually.TrueAsync(() => rig.Books.Delivered == 1, "it is delivered");
        var photo = rig.Snapshot;
        var receiver = photo.Clients.Single(client => client.Books.Received == 1);
        Assert.NotNull(receiver.Latency.P50);
        Assert.Equal(photo.Latency, receiver.Latency);
        Assert.Null(photo.Clients.Single(client => client != receiver).Latency.P50);
    }

    private static byte[] Timestamp(DateTimeOffset at)
    {
        var name = Encoding.UTF8.GetBytes("$__messageTimestamp");
        var value = Encoding.UTF8.GetBytes($"{at.ToUnixTimeMilliseconds()}");
        return [0x26, 0, (byte)name.Length, .. name, 0, (byte)value.Length, .. value];
    }
}
