using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Engine.Pipelines;
using Portal.Engine.Sampling;
using Portal.Engine.Specs;
using Portal.Sandbox;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Sampling;

/// <summary>The promise of a sample: it sees what the task gets, and the task misses none of it.</summary>
public sealed class SamplerBesideATaskTests : IAsyncDisposable
{
    private const int Count = 500;

    private readonly EngineRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task Listen_BesideAGroupAtMosquitto_TakesNothingFromIt(MqttProtocol protocol)
    {
        await using var broker = await MosquittoBroker.StartAsync();

        await ProveAsync(broker.Port, protocol);
    }

    [Fact]
    public async Task Listen_BesideAGroupAtTheSandbox_TakesNothingFromIt()
    {
        var options = new SandboxOptions { MqttPort = 0, KafkaPort = 0 };
        await using var sandbox = new EmbeddedSandbox(Options.Create(options), TimeProvider.System, NullLoggerFactory.Instance);
        sandbox.Users.Set("tester", "secret");
        await sandbox.StartAsync();

        await ProveAsync(sandbox.MqttPort, MqttProtocol.V5);
    }

    private async Task ProveAsync(int port, MqttProtocol protocol)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var spec = _rig.Spec(protocol, clients: 2, filters: "plant/#");
        var broker = new MqttBrokerSpec
        {
            Endpoints = [new MqttEndpoint(MqttTransport.Tcp, "127.0.0.1", port)],
            Protocol = protocol,
            UserName = "tester",
            Password = "secret",
        };
        await _rig.Supervisor.ApplyAsync(spec with { Source = spec.Source with { Broker = broker } }, cancellation);
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Running, "the task runs");
        await using var publisher = await TestMqttClient.ConnectAsync(port, "publisher");

        SampleReport? last = null;
        Task? publishing = null;
        var order = new SampleOrder { Broker = broker, Filters = ["plant/#"], MaxMessages = 100 };
        await foreach (var report in new Sampler(TimeProvider.System).ListenAsync(order, cancellation))
        {
            last = report;
            publishing ??= report.State == SampleState.Listening ? PublishAsync(publisher) : null;
        }

        await publishing!;
        await Eventually.TrueAsync(() => _rig.Books.Delivered >= Count, "the task has delivered everything");

        Assert.Equal((SampleEnd.Full, 100), (last!.End, last.Messages.Count));
        Assert.Equal(Enumerable.Range(0, Count), _rig.Sinks.Last.Values.Select(int.Parse).Order());
        Assert.Equal(0, _rig.Books.Unaccounted);
    }

    private static async Task PublishAsync(TestMqttClient publisher)
    {
        for (var number = 0; number < Count; number++)
        {
            await publisher.PublishAsync($"plant/{number % 7}", $"{number}");
        }
    }
}
