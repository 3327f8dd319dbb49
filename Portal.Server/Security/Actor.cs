namespace Portal.Server.Security;

/// <summary>Who acts: a signed-in person, or the server itself.</summary>
/// <param name="Name">As it stands in the audit and in "created by".</param>
/// <param name="UserId">The id of the person; null for the server itself, which may do everything.</param>
internal sealed record Actor(string Name, string? UserId)
{
    /// <summary>The server itself, for what nobody clicked: seeding, reconciling, taking up operations.</summary>
    public static Actor System { get; } = new("system", null);

    public bool IsSystem => UserId is null;
}
