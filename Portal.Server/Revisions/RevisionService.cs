using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data;

namespace Portal.Server.Revisions;

/// <inheritdoc cref="IRevisionService"/>
internal sealed class RevisionService(IDbContextFactory<PortalDb> databases) : IRevisionService
{
    public async Task<IReadOnlyList<Revision<ConnectorTaskDraft>>> OfTaskAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.ConnectorTasks.AsNoTracking().FirstOrDefaultAsync(task => task.Id == id, cancellationToken) is { } row
            ? await ReadAsync(db, id, new Revision<ConnectorTaskDraft>(row.Revision, row.UpdatedAt, row.Revision == 1 ? row.CreatedBy : null, row.Settings), cancellationToken)
            : [];
    }

    public async Task<IReadOnlyList<Revision<ConnectionDraft>>> OfConnectionAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Connections.AsNoTracking().FirstOrDefaultAsync(one => one.Id == id, cancellationToken) is { } row
            ? await ReadAsync(db, id, new Revision<ConnectionDraft>(row.Revision, row.UpdatedAt, row.Revision == 1 ? row.CreatedBy : null, RevisionLog.DraftOf(row)), cancellationToken)
            : [];
    }

    public async Task<IReadOnlyList<Revision<MqttClusterDraft>>> OfMqttClusterAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.MqttClusters.AsNoTracking().FirstOrDefaultAsync(one => one.Id == id, cancellationToken) is { } row
            ? await ReadAsync(db, id, new Revision<MqttClusterDraft>(row.Revision, row.UpdatedAt, row.Revision == 1 ? row.CreatedBy : null, RevisionLog.DraftOf(row)), cancellationToken)
            : [];
    }

    public async Task<IReadOnlyList<Revision<KafkaInstanceDraft>>> OfKafkaInstanceAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.KafkaInstances.AsNoTracking().FirstOrDefaultAsync(one => one.Id == id, cancellationToken) is { } row
            ? await ReadAsync(db, id, new Revision<KafkaInstanceDraft>(row.Revision, row.UpdatedAt, row.Revision == 1 ? row.CreatedBy : null, RevisionLog.DraftOf(row)), cancellationToken)
            : [];
    }

    // What was last saved before revisions were kept has no row; the object itself tells what it is.
    private static async Task<IReadOnlyList<Revision<T>>> ReadAsync<T>(PortalDb db, string id, Revision<T> present, CancellationToken cancellationToken)
    {
        var rows = await db.Revisions.AsNoTracking().Where(row => row.ObjectId == id).OrderByDescending(row => row.Revision).ToListAsync(cancellationToken);
        var kept = rows.ConvertAll(row => new Revision<T>(row.Revision, row.At, row.Actor, JsonSerializer.Deserialize<T>(row.Settings, ColumnJson.Options)!));
        return kept.Exists(one => one.Number == present.Number) ? kept : [present, .. kept];
    }
}
