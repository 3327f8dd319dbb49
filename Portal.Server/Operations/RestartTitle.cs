using Portal.Server.Audit;

namespace Portal.Server.Operations;

/// <summary>How the restart of several tasks after one change is called.</summary>
internal static class RestartTitle
{
    public static string Of(int count, AuditSubject changed) => $"Restart {(count == 1 ? "1 task" : $"{count} tasks")} of {changed.Described}";
}
