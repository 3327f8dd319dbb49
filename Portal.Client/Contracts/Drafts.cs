namespace Portal.Client.Contracts;

/// <summary>What a draft is going to be.</summary>
public enum DraftKind
{
    /// <summary>A connector task; its content is a <see cref="ConnectorTaskDraft"/>.</summary>
    ConnectorTask,

    /// <summary>A connection; its content is a <see cref="ConnectionDraft"/>.</summary>
    Connection,

    /// <summary>A change of a stored task; its content is an <see cref="EditDraft{T}"/> of <see cref="ConnectorTaskDraft"/>.</summary>
    ConnectorTaskEdit,

    /// <summary>A change of a stored connection; its content is an <see cref="EditDraft{T}"/> of <see cref="ConnectionDraft"/>.</summary>
    ConnectionEdit,

    /// <summary>An MQTT cluster; its content is a <see cref="MqttClusterDraft"/>.</summary>
    MqttCluster,

    /// <summary>A Kafka instance; its content is a <see cref="KafkaInstanceDraft"/>.</summary>
    KafkaInstance,

    /// <summary>A change of a stored MQTT cluster; its content is an <see cref="EditDraft{T}"/> of <see cref="MqttClusterDraft"/>.</summary>
    MqttClusterEdit,

    /// <summary>A change of a stored Kafka instance; its content is an <see cref="EditDraft{T}"/> of <see cref="KafkaInstanceDraft"/>.</summary>
    KafkaInstanceEdit,
}

/// <summary>Stored settings that somebody began to change and has not saved.</summary>
/// <param name="Revision">The revision on which the change was begun.</param>
/// <param name="Before">The settings of that revision: without them nobody could tell later what was changed.</param>
/// <param name="After">What stands in the form.</param>
public sealed record EditDraft<T>(long Revision, T Before, T After)
    where T : class;

/// <summary>A half-filled form, as a list shows it.</summary>
/// <param name="Id"><c>draft-</c> and eight characters; stands in the address of a wizard.</param>
/// <param name="Kind">What it is going to be.</param>
/// <param name="Title">The name that was filled in so far; may be empty.</param>
/// <param name="Step">The step of the wizard that was open last, as in its address; of a form that has no steps, always the same word.</param>
/// <param name="SavedAt">When it was last saved.</param>
/// <param name="KeptUntil">When it is removed unless it is saved again.</param>
public sealed record DraftSummary(string Id, DraftKind Kind, string Title, string Step, DateTimeOffset SavedAt, DateTimeOffset KeptUntil);

/// <summary>A half-filled form.</summary>
/// <param name="Summary">What a list shows of it.</param>
/// <param name="Content">What was filled in.</param>
public sealed record KeptDraft<T>(DraftSummary Summary, T Content)
    where T : class;

/// <summary>
/// Half-filled forms, in the database: they survive a reload, another browser and a restart of the server. Each belongs to its author alone;
/// nobody else can see, change or delete it. Only who may create or change what it is going to be, an Administrator, can save one.
/// </summary>
/// <remarks>
/// Passwords and keys in a draft are encrypted at rest with a purpose of their own, and are given back to the form on the server only: no page
/// and no REST answer shows them. A draft that was not saved for 30 days is removed, and the 51st of a kind makes the oldest go.
/// </remarks>
public interface IDraftService
{
    /// <summary>An id for a draft that is not saved yet.</summary>
    string NewId();

    /// <summary>The id of the actor's own change of something stored: always the same for the same person and thing.</summary>
    /// <param name="objectId">What is changed.</param>
    Task<string> IdOfEditAsync(string objectId);

    /// <summary>The actor's own drafts of a kind, last saved first.</summary>
    Task<IReadOnlyList<DraftSummary>> ListAsync(DraftKind kind, CancellationToken cancellationToken);

    /// <summary>One of the actor's own drafts, or null.</summary>
    /// <typeparam name="T">A draft of a task, a connection, an MQTT cluster or a Kafka instance, or an <see cref="EditDraft{T}"/> of one of them.</typeparam>
    Task<KeptDraft<T>?> FindAsync<T>(string id, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Saves a draft, new or not, in the place of what was saved under its id. Of two windows the last one wins.</summary>
    /// <typeparam name="T">A draft of a task, a connection, an MQTT cluster or a Kafka instance, or an <see cref="EditDraft{T}"/> of one of them.</typeparam>
    /// <param name="id">From <see cref="NewId"/>, <see cref="IdOfEditAsync"/> or a draft that was found.</param>
    /// <param name="content">What is filled in.</param>
    /// <param name="step">The step that is open, as in the address.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<CommandResult> SaveAsync<T>(string id, T content, string step, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Deletes one of the actor's own drafts; one that is gone already is no error.</summary>
    Task<CommandResult> DeleteAsync(string id, CancellationToken cancellationToken);
}
