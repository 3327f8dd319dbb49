using System.Text.Json.Serialization;

namespace Portal.Client.Contracts;

/// <summary>What can be done to many at once.</summary>
public enum BulkAction
{
    /// <summary>Pauses tasks.</summary>
    Pause,

    /// <summary>Resumes tasks.</summary>
    Resume,

    /// <summary>Restarts running tasks, one after the other; stops after three failures.</summary>
    Restart,

    /// <summary>Tests connections.</summary>
    Test,

    /// <summary>Deletes tasks with their sessions, or connections that no task uses.</summary>
    Delete,

    /// <summary>Disconnects clients; they connect again by themselves.</summary>
    Disconnect,

    /// <summary>Disconnects clients and deletes their sessions at the broker, with what it has queued for them.</summary>
    DeleteSession,
}

/// <summary>Which objects: those of a list of ids, or all that match a filter at the moment of the order. Exactly one of the two.</summary>
public sealed record BulkSelection
{
    /// <summary>The ids; at most <see cref="MostIds"/>.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>The filter; page, size, sort and columns mean nothing here.</summary>
    public ListQuery? Query { get; init; }

    /// <summary>More than so many are named by a filter.</summary>
    public const int MostIds = 20_000;

    /// <summary>These objects.</summary>
    public static BulkSelection Of(IReadOnlyList<string> ids) => new() { Ids = ids };

    /// <summary>All that match.</summary>
    public static BulkSelection Matching(ListQuery query) => new() { Query = query };
}

/// <summary>What is left out of an action, and why.</summary>
/// <param name="Reason">In words, for example <c>paused already</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="Names">The first of them, by name.</param>
public sealed record BulkExclusion(string Reason, int Count, IReadOnlyList<string> Names);

/// <summary>What an action would do if it were ordered now.</summary>
/// <param name="Ids">To which, by name: the order names these and no others.</param>
/// <param name="Names">The first twenty of them.</param>
/// <param name="Excluded">What is left out.</param>
/// <param name="Losing">For how many messages sent meanwhile are lost, since QoS 0 or a clean session keeps none.</param>
public sealed record BulkReview(IReadOnlyList<string> Ids, IReadOnlyList<string> Names, IReadOnlyList<BulkExclusion> Excluded, int Losing = 0) : IRefusable
{
    /// <summary>Why such an order would be refused whole, as an order is; null when it would not.</summary>
    [JsonIgnore]
    public CommandResult? Refusal { get; init; }

    /// <summary>To how many.</summary>
    public int Count => Ids.Count;
}

/// <summary>
/// Actions on many objects. The server decides which: at the order, by what is stored and observed then, and once more at each item. Each
/// order becomes an operation; each item is authorised and audited as if it were done alone.
/// </summary>
public interface IBulkService
{
    /// <summary>What an action on tasks would do now. Everybody may ask.</summary>
    Task<BulkReview> ReviewTasksAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken);

    /// <summary>Orders an action on tasks; refused when nothing is left to do.</summary>
    Task<CommandResult> RunTasksAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken);

    /// <summary>What an action on connections would do now: <see cref="BulkAction.Test"/> or <see cref="BulkAction.Delete"/>.</summary>
    Task<BulkReview> ReviewConnectionsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken);

    /// <summary>Orders an action on connections; refused when nothing is left to do.</summary>
    Task<CommandResult> RunConnectionsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken);

    /// <summary>
    /// What an action on clients would do now: <see cref="BulkAction.Disconnect"/> or <see cref="BulkAction.DeleteSession"/>. The ids are client ids.
    /// </summary>
    Task<BulkReview> ReviewClientsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken);

    /// <summary>Orders an action on clients; refused when nothing is left to do.</summary>
    Task<CommandResult> RunClientsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken);
}
