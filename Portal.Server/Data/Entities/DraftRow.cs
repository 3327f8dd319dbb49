using Portal.Client.Contracts;

namespace Portal.Server.Data.Entities;

/// <summary>A half-filled form of one person.</summary>
internal sealed class DraftRow
{
    public required string Id { get; init; }

    public required string OwnerId { get; init; }

    public required DraftKind Kind { get; init; }

    public required string Title { get; set; }

    public required string Step { get; set; }

    /// <summary>The draft as JSON, without its secrets.</summary>
    public required string Content { get; set; }

    /// <summary>What is secret in it, password and key, as JSON and encrypted; null for nothing.</summary>
    public string? Secrets { get; set; }

    public DateTimeOffset SavedAt { get; set; }
}
