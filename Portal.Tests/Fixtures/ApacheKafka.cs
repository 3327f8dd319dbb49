using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Portal.Tests.Fixtures;

/// <summary>What an Apache Kafka of a test is like.</summary>
internal sealed record KafkaOptions
{
    /// <summary>How many nodes, each broker and controller.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>The largest heap of a node.</summary>
    public string Heap { get; init; } = "512m";

    /// <summary>More lines for server.properties, for example <c>auto.create.topics.enable</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Sign-in, TLS and ACLs beside the plain listener, whose visitors stay almighty; null leaves it at that one.</summary>
    public KafkaSecurityFixture? Security { get; init; }
}

/// <summary>
/// A real Apache Kafka on free loopback ports with data folders of its own, from the distribution that the environment variable
/// <c>KAFKA_HOME</c> names; it needs Java 17. Starting takes some seconds: share it where tests do not harm it.
/// </summary>
internal sealed class ApacheKafka : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-kafka-").FullName;
    private readonly KafkaOptions _options;
    private int[] _ports = [];

    private ApacheKafka(string home, string java, KafkaOptions options)
    {
        _options = options;
        Nodes = [.. Enumerable.Range(1, options.Nodes).Select(id => new KafkaNode(home, java, Path.Combine(_folder, $"{id}"), options.Heap))];
    }

    /// <summary>Its processes; node ids count from 1.</summary>
    public IReadOnlyList<KafkaNode> Nodes { get; }

    /// <summary>What a client puts into <c>bootstrap.servers</c>.</summary>
    public string Bootstrap => string.Join(',', _ports.Take(Nodes.Count).Select(port => $"127.0.0.1:{port}"));

    /// <summary>The listener with SASL_SSL.</summary>
    public string SignInBootstrap => $"127.0.0.1:{_ports[2 * Nodes.Count]}";

    /// <summary>The listener with SSL that lets in whoever has a client certificate.</summary>
    public string CertificateBootstrap => $"127.0.0.1:{_ports[3 * Nodes.Count]}";

    /// <summary>What it wrote so far, for the message of a failed test.</summary>
    public string Log => string.Join('\n', Nodes.Select(node => node.Log));

    /// <summary>Starts one of one node; skips the test by name without <c>KAFKA_HOME</c> or Java.</summary>
    public static Task<ApacheKafka> StartAsync(IReadOnlyDictionary<string, string>? settings = null) =>
        StartAsync(new KafkaOptions { Settings = settings ?? new Dictionary<string, string>() });

    /// <summary>Starts one; skips the test by name without <c>KAFKA_HOME</c> or Java.</summary>
    public static async Task<ApacheKafka> StartAsync(KafkaOptions options)
    {
        var home = Environment.GetEnvironmentVariable("KAFKA_HOME");
        Assert.SkipWhen(string.IsNullOrEmpty(home), "KAFKA_HOME does not name an unpacked Apache Kafka");
        var kafka = new ApacheKafka(home, Tool.Require("java", "openjdk-17-jre-headless"), options);
        try
        {
            // Somebody else may take a free port before Kafka does.
            for (var attempt = 1; !await kafka.TryLaunchOnFreePortsAsync(); attempt++)
            {
                Assert.True(attempt < 3, $"Kafka does not start: {kafka.Log}");
            }

            if (options.Security is { } security)
            {
                using var admin = kafka.Admin();
                await security.RegisterAsync(admin);
            }

            return kafka;
        }
        catch
        {
            await kafka.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it in order (SIGTERM).</summary>
    public Task StopAsync() => Task.WhenAll(Nodes.Select(node => node.StopAsync()));

    /// <summary>Ends it with SIGKILL.</summary>
    public Task KillAsync() => Task.WhenAll(Nodes.Select(node => node.KillAsync()));

    /// <summary>Starts it again on the same ports and data.</summary>
    public Task RestartAsync() => Task.WhenAll(Nodes.Select(node => node.RestartAsync()));

    /// <summary>Stops its clock (SIGSTOP): connections stay open and nothing answers, the worst kind of outage.</summary>
    public void Freeze() => Nodes.ToList().ForEach(node => node.Freeze());

    /// <summary>Lets a frozen one go on.</summary>
    public void Thaw() => Nodes.ToList().ForEach(node => node.Thaw());

    /// <summary>Creates a topic and waits until it can be written.</summary>
    public async Task CreateTopicAsync(string topic, int partitions = 6, Dictionary<string, string>? configs = null, short replicas = 1)
    {
        using var admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = replicas, Configs = configs }]);
        await Eventually.TrueAsync(() => PartitionsOf(topic) == partitions, $"topic {topic}");
    }

    public async Task DeleteTopicAsync(string topic)
    {
        using var admin = Admin();
        await admin.DeleteTopicsAsync([topic]);
    }

    /// <summary>How many partitions a topic has; 0 when there is no such topic.</summary>
    public int PartitionsOf(string topic)
    {
        using var admin = Admin();
        return admin.GetMetadata(TimeSpan.FromSeconds(20)).Topics.FirstOrDefault(found => found.Topic == topic)?.Partitions.Count ?? 0;
    }

    /// <summary>The node that leads a partition.</summary>
    public KafkaNode LeaderOf(string topic, int partition)
    {
        using var admin = Admin();
        var found = admin.GetMetadata(topic, TimeSpan.FromSeconds(20)).Topics.Single().Partitions.Single(one => one.PartitionId == partition);
        return Nodes[found.Leader - 1];
    }

    /// <summary>Waits until every replica of a topic has what its leader has.</summary>
    public Task InSyncAsync(string topic)
    {
        return Eventually.TrueAsync(IsInSync, $"all replicas of {topic} are in sync");

        bool IsInSync()
        {
            using var admin = Admin();
            var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(20)).Topics.Single().Partitions;
            return partitions.All(partition => partition.Leader > 0 && partition.InSyncReplicas.Length == partition.Replicas.Length);
        }
    }

    /// <summary>An admin client that may do everything.</summary>
    public IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Bootstrap })
        .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> TryLaunchOnFreePortsAsync()
    {
        _ports = [.. Enumerable.Range(0, 4 * Nodes.Count).Select(_ => FreePort.Next())];
        var cluster = Convert.ToBase64String(Guid.NewGuid().ToByteArray())[..22].Replace('+', 'a').Replace('/', 'b');
        await Task.WhenAll(Nodes.Select((node, index) => node.PrepareAsync(Settings(index), cluster)));
        return (await Task.WhenAll(Nodes.Select(node => node.TryLaunchAsync()))).All(runs => runs);
    }

    private Dictionary<string, string> Settings(int index)
    {
        string At(int listener) => $"127.0.0.1:{_ports[(listener * Nodes.Count) + index]}";
        var replicas = $"{Nodes.Count}";
        var settings = new Dictionary<string, string>
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = $"{index + 1}",
            ["controller.quorum.voters"] = string.Join(',', Nodes.Select((_, node) => $"{node + 1}@127.0.0.1:{_ports[Nodes.Count + node]}")),
            ["controller.listener.names"] = "CONTROLLER",
            ["inter.broker.listener.name"] = "PLAINTEXT",
            ["listeners"] = $"PLAINTEXT://{At(0)},CONTROLLER://{At(1)}",
            ["advertised.listeners"] = $"PLAINTEXT://{At(0)}",
            ["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            ["num.partitions"] = "3",
            ["offsets.topic.num.partitions"] = "1",
            ["offsets.topic.replication.factor"] = replicas,
            ["transaction.state.log.replication.factor"] = replicas,
            ["transaction.state.log.min.isr"] = "1",
            ["group.initial.rebalance.delay.ms"] = "0",
            ["broker.session.timeout.ms"] = "3000",
            ["broker.heartbeat.interval.ms"] = "500",
            // Records of the tests carry fixed times of years ago, which Kafka would remove at its next look, between write and read.
            ["log.retention.ms"] = "-1",
        };
        if (_options.Security is { } security)
        {
            settings["listeners"] += $",SIGNIN://{At(2)},CERTIFICATE://{At(3)}";
            settings["advertised.listeners"] += $",SIGNIN://{At(2)},CERTIFICATE://{At(3)}";
            settings["listener.security.protocol.map"] += ",SIGNIN:SASL_SSL,CERTIFICATE:SSL";
            foreach (var (name, value) in security.Settings(_folder))
            {
                settings[name] = value;
            }
        }

        foreach (var (name, value) in _options.Settings)
        {
            settings[name] = value;
        }

        return settings;
    }
}
