using Portal.Engine.Specs;

namespace Portal.Bench.Pipelines;

/// <summary>What the command line of <see cref="PipelineBench"/> says.</summary>
internal sealed record PipelineBenchOptions(string Mqtt, string Filter, string Kafka, string Topic, int Clients, int Qos, long Messages, int Window, string? Sql)
{
    public static PipelineBenchOptions Parse(IReadOnlyList<string> arguments)
    {
        string Value(string name, string? otherwise = null)
        {
            var at = arguments.ToList().IndexOf($"--{name}");
            return at >= 0 && at + 1 < arguments.Count
                ? arguments[at + 1]
                : otherwise ?? throw new ArgumentException($"--{name} is missing.");
        }

        return new PipelineBenchOptions(
            Value("mqtt"),
            Value("filter", "plant/#"),
            Value("kafka"),
            Value("topic", "t"),
            int.Parse(Value("clients", "1")),
            int.Parse(Value("qos", "1")),
            long.Parse(Value("messages", "1000000")),
            int.Parse(Value("window", "5000")),
            arguments.Contains("--sql") ? Value("sql") : null);
    }

    /// <summary>The pipeline as a connector task with default settings would get it, but that QoS 0 waits for ever and a refused record stops it.</summary>
    public PipelineSpec ToSpec()
    {
        var colon = Mqtt.LastIndexOf(':');
        return new PipelineSpec
        {
            Id = $"bench-{Environment.ProcessId}",
            Clients = [.. Enumerable.Range(0, Clients)],
            Source = new SourceSpec
            {
                Broker = new MqttBrokerSpec { Endpoints = [new MqttEndpoint(MqttTransport.Tcp, Mqtt[..colon], int.Parse(Mqtt[(colon + 1)..]))] },
                Group = new SharedSubscriptionGroup("g", [Filter]),
                Qos = Qos,
                Window = Window,
            },
            Filter = Sql,
            Mapping = new MappingSpec { Topics = TopicRule.One(Topic) },
            Sink = new SinkSpec { Kafka = new KafkaSpec { BootstrapServers = Kafka } },
            Delivery = new DeliverySpec { OnFailure = FailureAction.Stop, Qos0Wait = Timeout.InfiniteTimeSpan },
        };
    }
}
