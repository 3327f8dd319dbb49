using System.Text.Json;
using Portal.Client.Contracts;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Revisions;

/// <summary>Writes down what a save leaves. The row joins the context of the change: both are saved, or neither.</summary>
internal static class RevisionLog
{
    /// <summary>Adds the present settings of a task; called after its revision was raised.</summary>
    public static void KeepRevision(this PortalDb db, ConnectorTask row, Actor actor) => Keep(db, row.Id, row.Revision, row.UpdatedAt, actor, row.Settings);

    /// <summary>Adds the present settings of a connection; called after its revision was raised.</summary>
    public static void KeepRevision(this PortalDb db, Connection row, Actor actor) => Keep(db, row.Id, row.Revision, row.UpdatedAt, actor, DraftOf(row));

    /// <summary>Adds the present settings of an MQTT cluster; called after its revision was raised.</summary>
    public static void KeepRevision(this PortalDb db, MqttCluster row, Actor actor) => Keep(db, row.Id, row.Revision, row.UpdatedAt, actor, DraftOf(row));

    /// <summary>Adds the present settings of a Kafka instance; called after its revision was raised.</summary>
    public static void KeepRevision(this PortalDb db, KafkaInstance row, Actor actor) => Keep(db, row.Id, row.Revision, row.UpdatedAt, actor, DraftOf(row));

    /// <summary>What a person would have filled in; the password stays where it is.</summary>
    public static ConnectionDraft DraftOf(Connection row) => new()
    {
        Name = row.Name,
        Description = row.Description,
        MqttClusterId = row.MqttClusterId,
        UserName = row.UserName,
    };

    /// <summary>What a person would have filled in; the key stays where it is.</summary>
    public static MqttClusterDraft DraftOf(MqttCluster row) => new()
    {
        Name = row.Name,
        Region = row.Region,
        Kind = row.Kind,
        Version = row.Version,
        Endpoints = row.Endpoints,
        CaPem = row.CaPem,
        ClientCertificatePem = row.ClientCertificatePem,
        ServerName = row.ServerName,
        MinimumTls = row.MinimumTls,
        Description = row.Description,
    };

    /// <summary>What a person would have filled in; password and key stay where they are.</summary>
    public static KafkaInstanceDraft DraftOf(KafkaInstance row) => new()
    {
        Name = row.Name,
        Region = row.Region,
        BootstrapServers = row.BootstrapServers,
        Security = row.Security,
        Mechanism = row.Mechanism,
        UserName = row.UserName,
        CaPem = row.CaPem,
        ClientCertificatePem = row.ClientCertificatePem,
        Description = row.Description,
    };

    private static void Keep<T>(PortalDb db, string id, long revision, DateTimeOffset at, Actor actor, T settings) => db.Add(new RevisionRow
    {
        ObjectId = id,
        Revision = revision,
        At = at,
        Actor = actor.Name,
        Settings = JsonSerializer.Serialize(settings, ColumnJson.Options),
    });
}
