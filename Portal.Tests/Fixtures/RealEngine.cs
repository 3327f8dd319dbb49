using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Mapping;
using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;
using Portal.Engine.Specs;
using Portal.Engine.Telemetry;

namespace Portal.Tests.Fixtures;

/// <summary>The engine as it runs in the server, without a server: real clients, real sinks, one task.</summary>
internal sealed class RealEngine : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<EngineMetrics>().BuildServiceProvider();
    private readonly PipelineSupervisor _supervisor;

    public RealEngine() => _supervisor = new PipelineSupervisor(
        new RecordMapperFactory(),
        new KafkaSinkFactory([], TimeProvider.System, NullLoggerFactory.Instance),
        TimeProvider.System,
        _services.GetRequiredService<EngineMetrics>(),
        NullLoggerFactory.Instance);

    public PipelineSnapshot Snapshot => _supervisor.Find("task-real0001") ?? throw new InvalidOperationException("The pipeline is gone.");

    public PipelineBooks Books => Snapshot.Books;

    public static PipelineSpec Spec(MqttBrokerSpec broker, KafkaSpec kafka, string filter, string topic, int clients = 1, int window = 5_000) => new()
    {
        Id = "task-real0001",
        Clients = [.. Enumerable.Range(0, clients)],
        Source = new SourceSpec { Broker = broker, Group = new SharedSubscriptionGroup("task_real0001", [filter]), Window = window },
        Mapping = new MappingSpec { Topics = TopicRule.One(topic) },
        Sink = new SinkSpec { Kafka = kafka },
        Delivery = new DeliverySpec { OnFailure = FailureAction.Discard, DrainQuiet = TimeSpan.FromMilliseconds(200) },
    };

    /// <summary>Starts the task.</summary>
    public async Task BeginAsync(PipelineSpec spec) =>
        Assert.Empty((await _supervisor.ApplyAsync(spec, TestContext.Current.CancellationToken)).Errors);

    /// <summary>Starts the task and waits until all its clients are subscribed.</summary>
    public async Task RunAsync(PipelineSpec spec)
    {
        await BeginAsync(spec);
        await StatusAsync(PipelineStatus.Running);
    }

    public async Task StatusAsync(PipelineStatus status)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Snapshot is { } now && now.Status != status)
        {
            Assert.False(limit.IsCancellationRequested, $"not {status} but {now.Status} ({now.Cause}): {now.Books}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _supervisor.DisposeAsync();
        await _services.DisposeAsync();
    }
}
