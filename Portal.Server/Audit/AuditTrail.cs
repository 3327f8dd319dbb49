using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Audit;

/// <summary>Writes who did what. The entry joins the context of the change: both are saved, or neither.</summary>
internal sealed class AuditTrail(TimeProvider time)
{
    public const string Done = "done";
    public const string Denied = "denied";
    public const string Failed = "failed";

    // Longer change texts say nothing more to a reader, and drafts may hold whole certificates.
    private const int LongestChange = 8_000;

    /// <summary>Adds an entry to the context; the caller saves.</summary>
    public void Add(PortalDb db, Actor actor, string action, AuditSubject subject, ChangeText? change = null, string result = Done)
    {
        var text = change?.ToString() ?? "";
        db.AuditEntries.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Actor = actor.Name,
            Action = action,
            ObjectKind = subject.Kind,
            ObjectId = subject.Id,
            ObjectName = subject.Name,
            Result = result,
            Change = text.Length <= LongestChange ? text : text[..LongestChange] + "…",
        });
    }
}
