namespace Portal.Server.Audit;

/// <summary>What an audit entry is about.</summary>
/// <param name="Kind">The word for it, for example <c>connection</c>.</param>
/// <param name="Id">Its id; empty before it has one.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct AuditSubject(string Kind, string Id, string Name)
{
    public string Described => Name.Length == 0 ? $"a {Kind}" : $"{Kind} {Name}";

    public static AuditSubject MqttCluster(string? id, string name) => new("MQTT cluster", id ?? "", name);

    public static AuditSubject KafkaInstance(string? id, string name) => new("Kafka instance", id ?? "", name);

    /// <param name="instance">The id of the Kafka instance that has it.</param>
    /// <param name="topic">Its name.</param>
    public static AuditSubject Topic(string instance, string topic) => new("topic", $"{instance}/{topic}", topic);

    public static AuditSubject Connection(string? id, string name) => new("connection", id ?? "", name);

    public static AuditSubject ConnectorTask(string? id, string name) => new("task", id ?? "", name);

    public static AuditSubject Operation(string id, string title) => new("operation", id, title);

    public static AuditSubject User(string? id, string name) => new("user", id ?? "", name);
}
