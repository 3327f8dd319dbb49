using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Engine.Specs;
using Portal.Server.Clusters;
using Portal.Server.Data;
using Portal.Server.Security;

namespace Portal.Server.Connections.Probing;

/// <summary>Asks the broker whether it would take a connection as it stands in a draft.</summary>
internal sealed class ConnectionProbe(
    IDbContextFactory<PortalDb> databases, BrokerSpecs specs, SecretProtector secrets, IEndpointProbe probe, PassedTests passed, TimeProvider time)
{
    /// <summary>Step by step. A password left alone is that of the stored connection.</summary>
    public async IAsyncEnumerable<ValidationReport> WatchAsync(
        Actor actor, string? id, ConnectionDraft draft, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (broker, refused) = await CompileAsync(id, draft, cancellationToken);
        await foreach (var report in broker is null ? ProbeReports.Just(refused!) : AskAsync(actor, broker, cancellationToken))
        {
            yield return report;
        }
    }

    /// <summary>How a test ends: one of exactly this that the same person saw pass a moment ago, or a new one.</summary>
    public async Task<FinishedTest> RunAsync(Actor actor, string? id, ConnectionDraft draft, CancellationToken cancellationToken)
    {
        var (broker, refused) = await CompileAsync(id, draft, cancellationToken);
        if (broker is not null && passed.Find(actor, broker) is { } known)
        {
            return known;
        }

        var asked = time.GetUtcNow();
        var last = refused ?? new ValidationReport([], 0, Finished: false, Passed: false);
        if (broker is not null)
        {
            await foreach (var report in AskAsync(actor, broker, cancellationToken))
            {
                last = report;
            }
        }

        return new FinishedTest(asked, time.GetUtcNow(), last);
    }

    private async IAsyncEnumerable<ValidationReport> AskAsync(
        Actor actor, MqttBrokerSpec broker, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        await foreach (var report in ProbeReports.Translate(probe.ProbeMqttAsync(broker, userFollows: false, cancellationToken)))
        {
            passed.Keep(actor, broker, asked, report);
            yield return report;
        }
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
