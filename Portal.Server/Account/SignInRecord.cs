using Microsoft.AspNetCore.Identity;
using Portal.Server.Audit;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Account;

/// <summary>Audits who came in and who tried to.</summary>
internal sealed partial class SignInRecord(
    UserManager<PortalUser> users, PortalDb db, AuditTrail audit, IHttpContextAccessor http, ILogger<SignInRecord> logger)
{
    private const string Unknown = "an unknown name";

    public async Task AddAsync(string name, bool succeeded)
    {
        // What was typed as a name may be anything, even a password or lines of a log: only a name that exists is written, as it is stored.
        var user = await users.FindByNameAsync(name);
        var shown = user?.UserName ?? Unknown;
        var from = http.HttpContext?.Connection.RemoteIpAddress?.ToString() ?? "";
        audit.Add(
            db,
            new Actor(shown, ""),
            "sign in",
            AuditSubject.User(user?.Id, shown),
            new ChangeText().Field("From", null, from),
            succeeded ? AuditTrail.Done : AuditTrail.Failed);
        await db.SaveChangesAsync();
        if (succeeded)
        {
            Log.SignedIn(logger, shown, from);
        }
        else
        {
            Log.SignInFailed(logger, shown, from);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.SignedIn, LogLevel.Information, "{User} signed in from {Address}")]
        public static partial void SignedIn(ILogger logger, string user, string address);

        [LoggerMessage(ServerEvents.SignInFailed, LogLevel.Warning, "A sign-in as {User} from {Address} failed")]
        public static partial void SignInFailed(ILogger logger, string user, string address);
    }
}
