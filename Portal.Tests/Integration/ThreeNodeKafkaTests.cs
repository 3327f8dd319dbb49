using System.Diagnostics;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;
using Portal.Tests.Engine.Probing.Mqtt;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Integration;

/// <summary>A real Kafka of three nodes, three replicas, two of which must confirm; and what its nodes do to it.</summary>
public class ThreeNodeKafkaTests
{
    private const int Total = 16_000;
    private const int Clients = 2;
    private const int Window = 200;

    [Fact]
    public async Task Nodes_KilledAndFrozenUnderLoad_LoseNothing()
    {
        await using var kafka = await ApacheKafka.StartAsync(new KafkaOptions { Nodes = 3, Heap = "256m" });
        await kafka.CreateTopicAsync("numbers", 6, new Dictionary<string, string> { ["min.insync.replicas"] = "2" }, replicas: 3);
        await using var mosquitto = await MosquittoBroker.StartAsync();
        await using var engine = new RealEngine();
        await engine.RunAsync(RealEngine.Spec(
            ProbeRun.At(mosquitto.Port), new KafkaSpec { BootstrapServers = kafka.Bootstrap }, NumberedLoad.Filter("load"), "numbers", Clients, Window));

        var load = new NumberedLoad(mosquitto.Port, "tester", "secret", "load", Total, publishers: 4);
        var sending = load.RunAsync(perSecond: 400, TestContext.Current.CancellationToken);
        await GoesOnAsync(engine);

        var killed = kafka.LeaderOf("numbers", 0);
        await killed.KillAsync();
        var afterKill = await GoesOnAsync(engine);
        await killed.RestartAsync();
        await kafka.InSyncAsync("numbers");

        // A node that hangs is worse than one that is gone: the connections to it stay open.
        var frozen = kafka.LeaderOf("numbers", 1);
        frozen.Freeze();
        var afterFreeze = await GoesOnAsync(engine);

        // With two of three gone nobody may confirm.
        var second = kafka.Nodes.First(node => node != frozen);
        second.Freeze();
        await engine.StatusAsync(PipelineStatus.Blocked);
        Assert.False(engine.Snapshot.NeedsYou);
        Assert.Contains("Nothing is lost", engine.Snapshot.Cause, StringComparison.Ordinal);
        kafka.Thaw();
        await engine.StatusAsync(PipelineStatus.Running);

        await sending;
        await Eventually.TrueAsync(() => engine.Books is { Open: 0 } books && books.Received >= Total, "everything is settled");
        Assert.Equal(0, engine.Books.Unaccounted);
        var topic = new NumberedTopic(kafka.Bootstrap, "numbers");
        topic.Read(Total);
        Assert.Empty(topic.Missing(Total));
        // The sessions never ended, and an idempotent producer's resends are recognised: only a new producer may double what was open.
        Assert.InRange(topic.Duplicates, 0, Clients * Window);
        TestContext.Current.SendDiagnosticMessage(
            "{0} numbers: a leader killed (gap {1:0.0} s), one frozen (gap {2:0.0} s), two frozen: 0 lost, {3} duplicates",
            Total, afterKill.TotalSeconds, afterFreeze.TotalSeconds, topic.Duplicates);
    }

    /// <returns>How long it took until more was delivered than was open.</returns>
    private static async Task<TimeSpan> GoesOnAsync(RealEngine engine)
    {
        var (before, watch) = (engine.Books.Delivered, Stopwatch.StartNew());
        await Eventually.TrueAsync(() => engine.Books.Delivered > before + (2 * Clients * Window), "delivery goes on");
        return watch.Elapsed;
    }
}
