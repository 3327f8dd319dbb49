using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Engine.Specs;
using Portal.Server.Data;
using Portal.Server.Security;

namespace Portal.Server.Connections;

/// <summary>Asks the broker whether it would take a connection as it stands in a draft.</summary>
internal sealed class ConnectionProbe(
    IDbContextFactory<PortalDb> databases, BrokerSpecs specs, SecretProtector secrets, IEndpointProbe probe)
{
    /// <summary>Step by step. A password left alone is that of the stored connection.</summary>
    public async IAsyncEnumerable<ValidationReport> WatchAsync(
        string? id, ConnectionDraft draft, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (broker, refused) = await CompileAsync(id, draft, cancellationToken);
        var reports = broker is null
            ? ProbeReports.Just(refused!)
            : ProbeReports.Translate(probe.ProbeMqttAsync(broker, cancellationToken));
        await foreach (var report in reports)
        {
            yield return report;
        }
    }

    /// <summary>The last report.</summary>
    public async Task<ValidationReport> RunAsync(string? id, ConnectionDraft draft, CancellationToken cancellationToken)
    {
        var last = new ValidationReport([], 0, Finished: false, Passed: false);
        await foreach (var report in WatchAsync(id, draft, cancellationToken))
        {
            last = report;
        }

        return last;
    }

    private async Task<(MqttBrokerSpec? Broker, ValidationReport? Refused)> CompileAsync(
        string? id, ConnectionDraft draft, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var cluster = await db.MqttClusters.AsNoTracking().SingleOrDefaultAsync(row => row.Id == draft.MqttClusterId, cancellationToken);
        if (cluster is null)
        {
            return (
                null,
                ProbeReports.Refused(CommandResult.Not(CommandOutcome.NotFound, "The MQTT cluster has been removed. Choose another one.")));
        }

        var stored = await db.Connections.Where(row => row.Id == id).Select(row => row.Password).SingleOrDefaultAsync(cancellationToken);
        try
        {
            var password = draft.Password.Kind == SecretChangeKind.Keep
                ? secrets.Reveal(SecretKind.ConnectionPassword, stored)
                : draft.Password.Value;
            return (specs.Mqtt(cluster, draft.UserName, password), null);
        }
        catch (CryptographicException)
        {
            return (null, ProbeReports.SecretUnreadable);
        }
    }
}
