using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Clusters.Rules;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Revisions;
using Portal.Server.Security;

namespace Portal.Server.Clusters;

/// <summary>Registers, changes and removes MQTT clusters.</summary>
internal sealed class MqttClusterCommands(ClusterCommandParts parts) : ClusterCommands<MqttCluster, MqttClusterDraft>(parts)
{
    protected override string Noun => "MQTT cluster";

    protected override AuditSubject Subject(string? id, string name) => AuditSubject.MqttCluster(id, name);

    protected override (string Name, string Region) NameAndRegion(MqttClusterDraft draft) => (draft.Name, draft.Region);

    protected override List<FieldError> Check(MqttCluster? stored, MqttClusterDraft draft, IReadOnlyList<string> regions, bool bySandbox) =>
        MqttClusterValidator.Check(stored, draft, regions, bySandbox);

    protected override async Task<CommandResult?> RefuseRemovalAsync(PortalDb db, MqttCluster row, CancellationToken cancellationToken)
    {
        var users = await db.Connections.Where(connection => connection.MqttClusterId == row.Id).OrderBy(connection => connection.Name)
            .Select(connection => connection.Name)
            .ToListAsync(cancellationToken);
        return users.Count > 0
            ? Dependants.Refused(row.Name, "connection", users, "Delete them or bind them to another cluster first.")
            // A way back that is stored names a connection, and goes to the cluster of now.
            : await db.RefuseInMotionAsync(Roster, row.Name, stamp => stamp.ClusterId == row.Id, _ => false, cancellationToken);
    }

    protected override MqttCluster New(Actor actor, MqttClusterDraft draft) => new()
    {
        Id = Ids.New(Ids.MqttCluster),
        Name = draft.Name,
        Region = draft.Region,
        Endpoints = draft.Endpoints,
        CreatedAt = Time.GetUtcNow(),
        CreatedBy = actor.Name,
        UpdatedAt = Time.GetUtcNow(),
    };

    protected override void KeepRevision(PortalDb db, MqttCluster row, Actor actor) => db.KeepRevision(row, actor);

    protected override async Task<IReadOnlyList<string>> OutdatedAsync(PortalDb db, MqttCluster row, CancellationToken cancellationToken) =>
        await db.Connections.Where(connection => connection.MqttClusterId == row.Id && connection.CheckedAt < row.AddressChangedAt)
            .OrderBy(connection => connection.Name)
            .Select(connection => connection.Id)
            .ToListAsync(cancellationToken);

    protected override ChangeText Apply(MqttCluster row, MqttClusterDraft draft, bool isNew, out bool reachesEngine)
    {
        var (ca, certificate, serverName) = (
            NullIfEmpty(draft.CaPem), NullIfEmpty(draft.ClientCertificatePem), NullIfEmpty(draft.ServerName));
        var connection = new ChangeText()
            .Field("Version", isNew ? null : row.Version, draft.Version)
            .Field("Endpoints", isNew ? null : row.Endpoints, draft.Endpoints)
            .Field("CA", isNew ? null : row.CaPem, ca)
            .Field("Client certificate", isNew ? null : row.ClientCertificatePem, certificate)
            .Field("Server name", isNew ? null : row.ServerName, serverName)
            .Field("Lowest TLS version", isNew ? null : row.MinimumTls, draft.MinimumTls)
            .Secret("Client key", draft.ClientKey);
        reachesEngine = !connection.IsEmpty;
        var change = new ChangeText()
            .Field("Name", isNew ? null : row.Name, draft.Name)
            .Field("Region", isNew ? null : row.Region, draft.Region)
            .Field("Kind", isNew ? null : row.Kind, draft.Kind)
            .Field("Description", isNew ? null : row.Description, draft.Description)
            .Also(connection);

        (row.Name, row.Region, row.Kind, row.Description) = (draft.Name, draft.Region, draft.Kind, draft.Description);
        (row.Version, row.Endpoints, row.CaPem, row.ClientCertificatePem, row.ServerName, row.MinimumTls) = (
            draft.Version, draft.Endpoints, ca, certificate, serverName, draft.MinimumTls);
        row.ClientKey = Secrets.Apply(SecretKind.MqttClientKey, row.ClientKey, draft.ClientKey);
        return change;
    }
}
