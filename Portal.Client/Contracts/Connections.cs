namespace Portal.Client.Contracts;

/// <summary>The status of a connection.</summary>
public enum ConnectionStatus
{
    /// <summary>Failed, or the last check failed: the cause says why.</summary>
    Abnormal,

    /// <summary>A change could not be carried out.</summary>
    ChangeFailed,

    /// <summary>Creation failed.</summary>
    CreateFailed,

    /// <summary>Deletion failed.</summary>
    DeleteFailed,

    /// <summary>Its MQTT cluster was changed after its last check: whether it works is not known.</summary>
    Outdated,

    /// <summary>Being created.</summary>
    Creating,

    /// <summary>A change is being carried out, for example the restart of its tasks.</summary>
    Changing,

    /// <summary>Being deleted.</summary>
    Deleting,

    /// <summary>Fine at its last check.</summary>
    Running,
}

/// <summary>A row of the connection list.</summary>
public sealed record ConnectionView
{
    /// <summary><c>resource-</c> and eight characters.</summary>
    public required string Id { get; init; }

    /// <summary>Grows with each change; sent back with an update.</summary>
    public long Revision { get; init; }

    /// <summary>1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>At most 128 characters.</summary>
    public string Description { get; init; } = "";

    /// <summary>The status.</summary>
    public ConnectionStatus Status { get; init; }

    /// <summary>Why, in words; null when running.</summary>
    public string? Cause { get; init; }

    /// <summary>Whether a person must act; false while all is well, and while its tasks are not connected and go on trying by themselves.</summary>
    public bool NeedsYou { get; init; }

    /// <summary>The operation that restarts its tasks after its last change; null when that is over and done, or there was none.</summary>
    public string? OperationId { get; init; }

    /// <summary>Always <c>MQTT Cluster</c> so far.</summary>
    public string Type { get; init; } = "MQTT Cluster";

    /// <summary>The cluster it is bound to.</summary>
    public required string MqttClusterId { get; init; }

    /// <summary>Its name.</summary>
    public required string MqttClusterName { get; init; }

    /// <summary>Its first endpoint.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Code of the cluster's region.</summary>
    public required string Region { get; init; }

    /// <summary>The user name.</summary>
    public string UserName { get; init; } = "";

    /// <summary>Whether a password is stored.</summary>
    public bool HasPassword { get; init; }

    /// <summary>How many tasks use it.</summary>
    public int Tasks { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was last checked against the broker, or null.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>Whether the MQTT cluster was changed after the last check, which then says nothing of the present address.</summary>
    public bool CheckOutdated { get; init; }

    /// <summary>How long CONNECT took at the last check, or null.</summary>
    public TimeSpan? Latency { get; init; }
}

/// <summary>What a person fills in to create or change a connection.</summary>
public sealed record ConnectionDraft
{
    /// <summary>1 to 128 characters, unique.</summary>
    public string Name { get; init; } = "";

    /// <summary>At most 128 characters.</summary>
    public string Description { get; init; } = "";

    /// <summary>The cluster to bind to.</summary>
    public string MqttClusterId { get; init; } = "";

    /// <summary>The user name; may be empty where the broker allows it.</summary>
    public string UserName { get; init; } = "";

    /// <summary>The password.</summary>
    public SecretChange Password { get; init; } = SecretChange.Keep;
}

/// <summary>A task that depends on what is being changed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Running">Whether it is asked to run.</param>
/// <param name="Qos">The QoS that it subscribes with.</param>
public sealed record DependentTask(string Id, string Name, bool Running, int Qos);

/// <summary>Saved, named, validated credentials to MQTT clusters. Authorisation is inside: every change needs the role Administrator.</summary>
public interface IConnectionService
{
    /// <summary>A page of the list. The list's own order is by attention: unreachable and failed first, available last, then the latest change.</summary>
    Task<ListPage<ConnectionView>> ListAsync(ListQuery query, CancellationToken cancellationToken);

    /// <summary>One connection, or null.</summary>
    Task<ConnectionView?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>The connections to an MQTT cluster, by name.</summary>
    Task<IReadOnlyList<ConnectionView>> OfClusterAsync(string mqttClusterId, CancellationToken cancellationToken);

    /// <summary>All that is wrong with a draft, without asking a broker. <paramref name="id"/> is null for a new one.</summary>
    Task<IReadOnlyList<FieldError>> CheckAsync(string? id, ConnectionDraft draft, CancellationToken cancellationToken);

    /// <summary>Validates a draft against the live broker, step by step. A password left alone is taken from the store of <paramref name="id"/>.</summary>
    IAsyncEnumerable<ValidationReport> ValidateAsync(string? id, ConnectionDraft draft, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a new connection that passes a validation: one of exactly these settings that the same person saw pass in the last five minutes
    /// counts, as the server remembers it, else another is run. Refused with the failed step's words when that fails.
    /// </summary>
    Task<CommandResult> CreateAsync(ConnectionDraft draft, CancellationToken cancellationToken);

    /// <summary>
    /// Changes a connection. With <paramref name="restartTasks"/> its running tasks are restarted one after the other by an operation
    /// (<see cref="CommandResult.OperationId"/>); without, they keep the old settings until their next start and are marked.
    /// A change of cluster, user name or password is validated first, unless <paramref name="skipValidation"/>, which is audited.
    /// </summary>
    Task<CommandResult> UpdateAsync(
        string id, long revision, ConnectionDraft draft, bool restartTasks, bool skipValidation, CancellationToken cancellationToken);

    /// <summary>Validates the stored connection and stores the outcome as its status.</summary>
    IAsyncEnumerable<ValidationReport> TestAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes a connection; refused while tasks use it, naming them.</summary>
    Task<CommandResult> DeleteAsync(string id, long revision, CancellationToken cancellationToken);

    /// <summary>The tasks that use it, by name.</summary>
    Task<IReadOnlyList<DependentTask>> DependentTasksAsync(string id, CancellationToken cancellationToken);
}
