using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Mapping;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;
using Portal.Engine.Telemetry;

namespace Portal.Tests.Fakes;

/// <summary>A supervisor whose sinks are fakes, and a scripted broker to connect to.</summary>
internal sealed class EngineRig : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<EngineMetrics>().BuildServiceProvider();

    private readonly TimeProvider _time;

    public EngineRig(bool answersAtOnce = true, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Sinks = new FakeRecordSinkFactory { AnswersAtOnce = answersAtOnce };
        Supervisor = new PipelineSupervisor(
            new RecordMapperFactory(), Sinks, _time, _services.GetRequiredService<EngineMetrics>(), NullLoggerFactory.Instance);
    }

    public ScriptedBroker Broker { get; } = new();

    public FakeRecordSinkFactory Sinks { get; }

    public PipelineSupervisor Supervisor { get; }

    public PipelineSnapshot Snapshot => Supervisor.Find("task-1") ?? throw new InvalidOperationException("The pipeline is gone.");

    public PipelineBooks Books => Snapshot.Books;

    public PipelineSpec Spec(MqttProtocol protocol = MqttProtocol.V5, int window = 100, int qos = 1, int clients = 1, params string[] filters) => new()
    {
        Id = "task-1",
        Clients = [.. Enumerable.Range(0, clients)],
        Source = new SourceSpec
        {
            Broker = new MqttBrokerSpec { Endpoints = [new MqttEndpoint(MqttTransport.Tcp, "127.0.0.1", Broker.Port)], Protocol = protocol },
            Group = new SharedSubscriptionGroup("g", filters.Length == 0 ? ["a"] : filters),
            Window = window,
            Qos = qos,
        },
        Mapping = new MappingSpec { Topics = TopicRule.One("t") },
        Sink = new SinkSpec { Kafka = new KafkaSpec { BootstrapServers = "127.0.0.1:1" } },
        Delivery = new DeliverySpec
        {
            OnFailure = FailureAction.Discard,
            DrainQuiet = TimeSpan.FromMilliseconds(200),
            Qos0Wait = TimeSpan.FromMilliseconds(100),
        },
    };

    /// <summary>Applies the spec and waits until the first client is subscribed and the pipeline says so.</summary>
    public async Task<ScriptedBroker.Connection> StartAsync(PipelineSpec spec)
    {
        var before = Broker.Subscribed;
        await Supervisor.ApplyAsync(spec, CancellationToken.None);
        await Broker.SubscribedAsync(before + spec.Clients.Count);
        await Eventually.TrueAsync(() => Snapshot.Clients.All(client => client.Status == TaskClientStatus.Online), "all clients are online");
        return Broker.Last;
    }

    public async ValueTask DisposeAsync()
    {
        // A clock that stands would hold up the end of a test that failed in the middle, and with it the whole run.
        var ended = Supervisor.DisposeAsync().AsTask();
        while (_time is FakeTimeProvider clock && !ended.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(ended, Task.Delay(5));
        }

        await ended;
        await Broker.DisposeAsync();
        await _services.DisposeAsync();
    }
}
