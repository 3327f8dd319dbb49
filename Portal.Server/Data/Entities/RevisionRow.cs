namespace Portal.Server.Data.Entities;

/// <summary>The settings of a connection or a task as one save left them. Written in that save; never changed.</summary>
internal sealed class RevisionRow
{
    public required string ObjectId { get; init; }

    public required long Revision { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    /// <summary>The draft as JSON, without secrets.</summary>
    public required string Settings { get; init; }
}
