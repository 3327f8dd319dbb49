using Portal.Client.Contracts;
using Portal.Server.Connections.Probing;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Connections;

/// <summary>Tests of stored connections, as rows and as what pages show.</summary>
internal static class ConnectionChecks
{
    /// <summary>The row of a test that ended. It joins the context of what it belongs to: both are saved, or neither.</summary>
    public static ConnectionCheckRow Of(string connectionId, DateTimeOffset at, Actor actor, ValidationReport report) =>
        new() { ConnectionId = connectionId, At = at, Actor = actor.Name, Report = report };

    public static ConnectionCheck View(ConnectionCheckRow row) => new(row.Id, row.At, row.Actor, row.Report)
    {
        Latency = ProbeReports.SignInTime(row.Report),
        Cause = ProbeReports.Cause(row.Report),
    };
}
