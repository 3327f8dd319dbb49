using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Sinks;
using Portal.Engine.Telemetry;

namespace Portal.Tests.Engine.Telemetry;

public sealed class PipelineGaugesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<EngineMetrics>().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Record_AfterTheFirst_AllocatesNothing()
    {
        var gauges = new PipelineGauges(_time, _services.GetRequiredService<EngineMetrics>());
        var client = new Latencies(_time);
        Take(gauges, client);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var message = 0; message < 1_000; message++)
        {
            Take(gauges, client);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotNull(client.Published.Read().P50);
    }

    private void Take(PipelineGauges gauges, Latencies client)
    {
        var now = _time.GetTimestamp();
        gauges.Turn(now);
        client.Turn(now);
        gauges.Record(DeliveryOutcome.Delivered, client, 7);
        gauges.RecordPublished(DeliveryOutcome.Delivered, client, TimeSpan.FromMilliseconds(40), 7);
    }
}
