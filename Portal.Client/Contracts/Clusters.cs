namespace Portal.Client.Contracts;

/// <summary>How bytes travel to a broker.</summary>
public enum EndpointTransport
{
    /// <summary>Plain TCP.</summary>
    Tcp,

    /// <summary>TLS.</summary>
    Tls,

    /// <summary>WebSocket.</summary>
    Ws,

    /// <summary>WebSocket over TLS.</summary>
    Wss,
}

/// <summary>One address of an MQTT cluster.</summary>
public sealed record ClusterEndpoint(EndpointTransport Transport, string Host, int Port, string? Path = null)
{
    /// <summary>As an operator writes it, for example <c>tls://broker:8883</c>.</summary>
    public override string ToString() => $"{Transport.ToString().ToLowerInvariant()}://{Host}:{Port}{Path}";
}

/// <summary>The MQTT version to speak.</summary>
public enum MqttVersion
{
    /// <summary>MQTT 5.</summary>
    V5,

    /// <summary>MQTT 3.1.1.</summary>
    V311,
}

/// <summary>What kind of broker a cluster is.</summary>
public enum MqttClusterKind
{
    /// <summary>The sandbox inside this server.</summary>
    Embedded,

    /// <summary>Eclipse Mosquitto.</summary>
    Mosquitto,

    /// <summary>Any other.</summary>
    Generic,
}

/// <summary>A registered MQTT cluster.</summary>
public sealed record MqttClusterView
{
    /// <summary><c>mqtt-</c> and eight characters.</summary>
    public required string Id { get; init; }

    /// <summary>Grows with each change; sent back with an update.</summary>
    public long Revision { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Code of its region.</summary>
    public required string Region { get; init; }

    /// <summary>What kind.</summary>
    public MqttClusterKind Kind { get; init; }

    /// <summary>The version to speak.</summary>
    public MqttVersion Version { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<ClusterEndpoint> Endpoints { get; init; }

    /// <summary>PEM of the authorities to trust; null trusts the machine's.</summary>
    public string? CaPem { get; init; }

    /// <summary>PEM of the client certificate, or null.</summary>
    public string? ClientCertificatePem { get; init; }

    /// <summary>Whether a private key for it is stored.</summary>
    public bool HasClientKey { get; init; }

    /// <summary>The name to check in the broker's certificate; null means the host.</summary>
    public string? ServerName { get; init; }

    /// <summary>The oldest version of TLS to agree on; default TLS 1.2.</summary>
    public MinimumTls MinimumTls { get; init; }

    /// <summary>At most 128 characters.</summary>
    public string Description { get; init; } = "";

    /// <summary>How many connections use it.</summary>
    public int Connections { get; init; }

    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What a person fills in to register or change an MQTT cluster.</summary>
public sealed record MqttClusterDraft
{
    /// <summary>1 to 128 characters, unique.</summary>
    public string Name { get; init; } = "";

    /// <summary>Code of its region.</summary>
    public string Region { get; init; } = "";

    /// <summary>What kind.</summary>
    public MqttClusterKind Kind { get; init; } = MqttClusterKind.Generic;

    /// <summary>The version to speak.</summary>
    public MqttVersion Version { get; init; }

    /// <summary>At least one.</summary>
    public IReadOnlyList<ClusterEndpoint> Endpoints { get; init; } = [];

    /// <summary>PEM of the authorities to trust; null or empty trusts the machine's.</summary>
    public string? CaPem { get; init; }

    /// <summary>PEM of the client certificate, or null.</summary>
    public string? ClientCertificatePem { get; init; }

    /// <summary>PEM of its private key.</summary>
    public SecretChange ClientKey { get; init; } = SecretChange.Keep;

    /// <summary>The name to check in the broker's certificate; null means the host.</summary>
    public string? ServerName { get; init; }

    /// <summary>The oldest version of TLS to agree on; default TLS 1.2.</summary>
    public MinimumTls MinimumTls { get; init; }

    /// <summary>At most 128 characters.</summary>
    public string Description { get; init; } = "";
}

/// <summary>How a Kafka instance is protected.</summary>
public enum KafkaSecurityProtocol
{
    /// <summary>PLAINTEXT.</summary>
    Plaintext,

    /// <summary>SSL.</summary>
    Ssl,

    /// <summary>SASL_PLAINTEXT.</summary>
    SaslPlaintext,

    /// <summary>SASL_SSL.</summary>
    SaslSsl,
}

/// <summary>How to sign in to Kafka.</summary>
public enum KafkaMechanism
{
    /// <summary>PLAIN.</summary>
    Plain,

    /// <summary>SCRAM-SHA-256.</summary>
    ScramSha256,

    /// <summary>SCRAM-SHA-512.</summary>
    ScramSha512,
}

/// <summary>A registered Kafka instance.</summary>
public sealed record KafkaInstanceView
{
    /// <summary><c>ckafka-</c> and eight characters.</summary>
    public required string Id { get; init; }

    /// <summary>Grows with each change; sent back with an update.</summary>
    public long Revision { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Code of its region.</summary>
    public required string Region { get; init; }

    /// <summary>Whether it is the sandbox's: in memory, small, forgotten on exit.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>Comma-separated <c>host:port</c>.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>How it is protected.</summary>
    public KafkaSecurityProtocol Security { get; init; }

    /// <summary>How to sign in.</summary>
    public KafkaMechanism Mechanism { get; init; }

    /// <summary>The user name, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>Whether a password is stored.</summary>
    public bool HasPassword { get; init; }

    /// <summary>PEM of the authorities to trust; null trusts the machine's.</summary>
    public string? CaPem { get; init; }

    /// <summary>PEM of the client certificate, or null.</summary>
    public string? ClientCertificatePem { get; init; }

    /// <summary>Whether a private key for it is stored.</summary>
    public bool HasClientKey { get; init; }

    /// <summary>At most 128 characters.</summary>
    public string Description { get; init; } = "";

    /// <summary>How many tasks write to it.</summary>
    public int Tasks { get; init; }

    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What a person fills in to register or change a Kafka instance.</summary>
public sealed record KafkaInstanceDraft
{
    /// <summary>1 to 128 characters, unique.</summary>
    public string Name { get; init; } = "";

    /// <summary>Code of its region.</summary>
    public string Region { get; init; } = "";

    /// <summary>Comma-separated <c>host:port</c>.</summary>
    public string BootstrapServers { get; init; } = "";

    /// <summary>How it is protected.</summary>
    public KafkaSecurityProtocol Security { get; init; }

    /// <summary>How to sign in.</summary>
    public KafkaMechanism Mechanism { get; init; }

    /// <summary>The user name, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>The password.</summary>
    public SecretChange Password { get; init; } = SecretChange.Keep;

    /// <summary>PEM of the authorities to trust; null or empty trusts the machine's.</summary>
    public string? CaPem { get; init; }

    /// <summary>PEM of the client certificate, or null.</summary>
    public string? ClientCertificatePem { get; init; }

    /// <summary>PEM of its private key.</summary>
    public SecretChange ClientKey { get; init; } = SecretChange.Keep;

    /// <summary>At most 128 characters.</summary>
    public string Description { get; init; } = "";
}

/// <summary>A topic of a Kafka instance.</summary>
public sealed record KafkaTopicView(string Name, int Partitions, int Replicas);

/// <summary>A test of a stored Kafka instance that came to its end, and its report.</summary>
/// <param name="Id">Grows with time.</param>
/// <param name="At">When it ended.</param>
/// <param name="Actor">Who ordered it.</param>
/// <param name="Report">What was found.</param>
public sealed record KafkaCheck(long Id, DateTimeOffset At, string Actor, ValidationReport Report)
{
    /// <summary>Whether address, protection or credentials of the instance were changed since: it then says nothing of the present ones.</summary>
    public bool IsOutdated { get; init; }
}

/// <summary>
/// What is known of whether an MQTT cluster or a Kafka instance works. Of an instance its own tests tell; of a cluster its connections do, by
/// their tests and by the tasks at work: it is available when one of them is.
/// </summary>
/// <param name="Id">Of the cluster or the instance.</param>
/// <param name="Status">How it stands.</param>
public sealed record ClusterHealth(string Id, ConnectionStatus Status)
{
    /// <summary>When it was last tested; null when only tasks tell.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>Since when it stands so, as far back as tests were looked at; null when they do not tell.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What should be known of it, in words; null while all is well.</summary>
    public string? Cause { get; init; }
}

/// <summary>Regions, MQTT clusters and Kafka instances. Every method throws nothing but <see cref="OperationCanceledException"/> for what a user can cause.</summary>
public interface IClusterService
{
    /// <summary>All regions, by code.</summary>
    Task<IReadOnlyList<Region>> RegionsAsync(CancellationToken cancellationToken);

    /// <summary>The MQTT clusters of a region, or all with null; by name.</summary>
    Task<IReadOnlyList<MqttClusterView>> MqttClustersAsync(string? region, CancellationToken cancellationToken);

    /// <summary>The Kafka instances of a region, or all with null; by name.</summary>
    Task<IReadOnlyList<KafkaInstanceView>> KafkaInstancesAsync(string? region, CancellationToken cancellationToken);

    /// <summary>How the MQTT clusters and the Kafka instances stand, in no order; one that was never tested is not among them.</summary>
    Task<IReadOnlyList<ClusterHealth>> HealthAsync(CancellationToken cancellationToken);

    /// <summary>Registers (id null) or changes an MQTT cluster. With <paramref name="restartTasks"/> the running tasks behind it are restarted one after the other by an operation.</summary>
    Task<CommandResult> SaveMqttClusterAsync(string? id, long revision, MqttClusterDraft draft, bool restartTasks, CancellationToken cancellationToken);

    /// <summary>
    /// Registers (id null) or changes a Kafka instance, like the other. A test of exactly these settings that the same person saw pass in the last
    /// five minutes is kept as a check with it.
    /// </summary>
    Task<CommandResult> SaveKafkaInstanceAsync(string? id, long revision, KafkaInstanceDraft draft, bool restartTasks, CancellationToken cancellationToken);

    /// <summary>Removes an MQTT cluster; refused while connections use it, naming them.</summary>
    Task<CommandResult> RemoveMqttClusterAsync(string id, long revision, CancellationToken cancellationToken);

    /// <summary>Removes a Kafka instance; refused while tasks use it, naming them.</summary>
    Task<CommandResult> RemoveKafkaInstanceAsync(string id, long revision, CancellationToken cancellationToken);

    /// <summary>Tests an unsaved or saved MQTT cluster without signing in further than a CONNECT without credentials would. Secrets left alone are taken from the store.</summary>
    IAsyncEnumerable<ValidationReport> TestMqttClusterAsync(string? id, MqttClusterDraft draft, CancellationToken cancellationToken);

    /// <summary>Tests an unsaved or saved Kafka instance. Secrets left alone are taken from the store. A test of what is stored is kept as a check.</summary>
    IAsyncEnumerable<ValidationReport> TestKafkaInstanceAsync(string? id, KafkaInstanceDraft draft, CancellationToken cancellationToken);

    /// <summary>The newest tests of a Kafka instance as it was stored, newest first, or null when there is no such instance; <paramref name="count"/> is cut to 1 to 100.</summary>
    Task<IReadOnlyList<KafkaCheck>?> KafkaChecksAsync(string id, int count, CancellationToken cancellationToken);

    /// <summary>The topics of a Kafka instance by name, without internal ones. An instance that does not answer gives no topics and the cause.</summary>
    Task<(IReadOnlyList<KafkaTopicView> Topics, string? Cause)> TopicsAsync(string kafkaInstanceId, CancellationToken cancellationToken);

    /// <summary>The names of the running and paused tasks that a change of this cluster or instance touches.</summary>
    Task<IReadOnlyList<DependentTask>> DependentTasksAsync(string clusterOrInstanceId, CancellationToken cancellationToken);
}
