using Portal.Server.Audit;
using Portal.Server.Data;
using Portal.Server.Security;

namespace Portal.Server.Account;

/// <summary>Audits who came in and who tried to.</summary>
internal sealed partial class SignInRecord(PortalDb db, AuditTrail audit, IHttpContextAccessor http, ILogger<SignInRecord> logger)
{
    // What was typed as a name may be anything, even a password.
    private const int LongestName = 64;

    public async Task AddAsync(string name, bool succeeded)
    {
        var shown = name.Length <= LongestName ? name : name[..LongestName] + "…";
        var from = http.HttpContext?.Connection.RemoteIpAddress?.ToString() ?? "";
        audit.Add(
            db,
            new Actor(shown, ""),
            "sign in",
            AuditSubject.User(null, shown),
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
