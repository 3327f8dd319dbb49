namespace Portal.Server.Data.Entities;

/// <summary>Who did what. Written in the same save as what was done; never changed.</summary>
internal sealed class AuditEntry
{
    public long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    /// <summary>A verb, for example <c>create</c>, <c>update</c>, <c>sign in</c>.</summary>
    public required string Action { get; init; }

    public required string ObjectKind { get; init; }

    public string ObjectId { get; init; } = "";

    public string ObjectName { get; init; } = "";

    /// <summary><c>done</c>, <c>denied</c> or <c>failed</c>.</summary>
    public required string Result { get; init; }

    /// <summary>From and to, line by line; secrets only as "changed".</summary>
    public string Change { get; init; } = "";
}
