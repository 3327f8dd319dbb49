namespace Portal.Engine.Specs;

/// <summary>A group of clients that share subscriptions: each filter is subscribed as <c>$share/{Name}/{filter}</c> (MQTT 5, section 4.8.2).</summary>
/// <param name="Name">Letters, digits and <c>_</c>, 1 to 64. A task's group is <c>task_&lt;id without prefix&gt;</c>.</param>
/// <param name="Filters">At least one MQTT topic filter.</param>
public sealed record SharedSubscriptionGroup(string Name, IReadOnlyList<string> Filters)
{
    /// <summary>The full topic filter to subscribe to.</summary>
    public string Subscription(string filter) => $"$share/{Name}/{filter}";
}

/// <summary>Where a pipeline's messages come from, and how its clients behave there.</summary>
public sealed record SourceSpec
{
    /// <summary>The broker and the credentials.</summary>
    public required MqttBrokerSpec Broker { get; init; }

    /// <summary>What to subscribe to.</summary>
    public required SharedSubscriptionGroup Group { get; init; }

    /// <summary>The QoS to ask for: 0, 1 or 2. Default 1.</summary>
    public int Qos { get; init; } = 1;

    /// <summary>Whether each connection starts a session anew. On, messages sent while a client is away are lost: at least once is off. Default false.</summary>
    public bool CleanSession { get; init; }

    /// <summary>How long the broker keeps a session whose client is away (MQTT 5). Default 1 h.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The keep alive of CONNECT. Default 30 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many deliveries of one session may be open: the Receive Maximum of CONNECT and the size of the ledger. 1 to 65535, default 5 000.</summary>
    public int Window { get; init; } = 5_000;

    /// <summary>Whether both ask for the same sessions; lists are compared by content.</summary>
    public bool SameAs(SourceSpec other) =>
        this with { Broker = other.Broker, Group = other.Group } == other
        && Broker.Endpoints.SequenceEqual(other.Broker.Endpoints)
        && Broker with { Endpoints = other.Broker.Endpoints } == other.Broker
        && Group.Name == other.Group.Name
        && Group.Filters.SequenceEqual(other.Group.Filters);
}
