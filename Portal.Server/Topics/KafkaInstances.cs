using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Specs;
using Portal.Server.Connections.Probing;
using Portal.Server.Data;
using Portal.Server.Data.Entities;

namespace Portal.Server.Topics;

/// <summary>Finds what is needed to reach the Kafka of an instance, or says in words why it cannot be reached.</summary>
internal sealed class KafkaInstances(IDbContextFactory<PortalDb> databases, BrokerSpecs specs)
{
    public async Task<KafkaInstance?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.KafkaInstances.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    /// <summary>The credentials, revealed; or why they cannot be.</summary>
    public (KafkaSpec? Spec, string? Cause) Reveal(KafkaInstance instance)
    {
        try
        {
            return (specs.Kafka(instance), null);
        }
        catch (CryptographicException)
        {
            return (null, ProbeReports.SecretUnreadable.Steps[0].Result ?? "A stored secret cannot be read any more. Enter it again.");
        }
    }

    public static ReadResult<T> Gone<T>()
        where T : class => ReadResult.Not<T>(CommandOutcome.NotFound, "This Kafka instance has been removed.");
}
