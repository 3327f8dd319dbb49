using Portal.Client.Contracts;

namespace Portal.Server.Data.Entities;

/// <summary>How one person wants to see the console.</summary>
internal sealed class UserPreferencesRow
{
    public required string UserId { get; init; }

    public required UserPreferences Preferences { get; set; }
}
