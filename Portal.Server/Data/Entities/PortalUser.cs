using Microsoft.AspNetCore.Identity;

namespace Portal.Server.Data.Entities;

/// <summary>A person who may sign in.</summary>
internal sealed class PortalUser : IdentityUser
{
    public DateTimeOffset CreatedAt { get; set; }
}
