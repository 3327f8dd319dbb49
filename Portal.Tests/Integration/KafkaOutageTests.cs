using System.Diagnostics;
using System.Globalization;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;
using Portal.Tests.Engine.Probing.Mqtt;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Integration;

/// <summary>A Kafka that hangs for a long time while messages keep coming.</summary>
public class KafkaOutageTests
{
    private const int PerSecond = 1_000;
    private const int Window = 5_000;

    /// <summary>What ten minutes of housekeeping may move; the messages that came meanwhile weigh many times that.</summary>
    private const long Slack = 32 * 1024 * 1024;

    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(10);
    private static readonly int Total = PerSecond * ((int)Outage.TotalSeconds + 30);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Kafka_FrozenForTenMinutesUnderLoad_KeepsMemoryFlatLosesNothingAndKeepsOrder()
    {
        await using var kafka = await ApacheKafka.StartAsync();
        await kafka.CreateTopicAsync("numbers", 6);
        await using var mosquitto = await MosquittoBroker.StartAsync();
        await using var engine = new RealEngine();
        // One client: then each MQTT topic, which is the key and so decides the partition, must come in the order of its publisher.
        await engine.RunAsync(RealEngine.Spec(
            ProbeRun.At(mosquitto.Port), new KafkaSpec { BootstrapServers = kafka.Bootstrap }, NumberedLoad.Filter("load"), "numbers", clients: 1, Window));
        var load = new NumberedLoad(mosquitto.Port, "tester", "secret", "load", Total, publishers: 4);
        var sending = load.RunAsync(PerSecond, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => engine.Books.Delivered > 5_000, "the load is under way");

        kafka.Freeze();
        var outage = Stopwatch.StartNew();
        await engine.StatusAsync(PipelineStatus.Blocked);
        // Whether the window is full by then depends on the machine: once Blocked, nothing more is handed over.
        await Eventually.TrueAsync(
            async () =>
            {
                var received = engine.Books.Received;
                await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
                return engine.Books.Received == received;
            },
            "nothing more is taken in");
        var blockedSince = engine.Snapshot.Since;
        await Task.Delay(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var before = Memory();
        var largest = before;
        while (outage.Elapsed < Outage)
        {
            await Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            largest = Math.Max(largest, Memory());
            Assert.Equal((PipelineStatus.Blocked, blockedSince), (engine.Snapshot.Status, engine.Snapshot.Since));
            Assert.InRange(engine.Books.Open, 1, Window);
        }

        var queued = load.Acknowledged - (int)engine.Books.Received;
        kafka.Thaw();
        var catchingUp = Stopwatch.StartNew();
        await sending;
        await Eventually.TrueAsync(() => engine.Books is { Open: 0 } books && books.Received >= Total, "everything is settled", TimeSpan.FromMinutes(10));
        var caughtUp = catchingUp.Elapsed;

        Assert.Equal(PipelineStatus.Running, engine.Snapshot.Status);
        Assert.Equal(0, engine.Books.Unaccounted);
        Assert.InRange(largest - before, long.MinValue, Slack);
        var records = KafkaReader.Read(kafka.Bootstrap, "numbers", Total, TimeSpan.FromMinutes(5));
        var numbers = records.Select(record => (Key: record.Header("mqtt.topic")!, Number: int.Parse(record.Text()!, CultureInfo.InvariantCulture))).ToList();
        Assert.Equal(Enumerable.Range(0, Total), numbers.Select(one => one.Number).Order());
        Assert.All(numbers.GroupBy(one => one.Key), line => Assert.Equal(line.Select(one => one.Number).Order(), line.Select(one => one.Number)));
        TestContext.Current.SendDiagnosticMessage(
            "{0} numbers, Kafka frozen for {1:0} min: 0 lost, 0 doubled, in order; {2} waited at the broker, caught up in {3:0} s; memory {4} MB, at most {5:0.0} MB more",
            Total, Outage.TotalMinutes, queued, caughtUp.TotalSeconds, before >> 20, (largest - before) / 1048576.0);
    }

    private static long Memory()
    {
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
