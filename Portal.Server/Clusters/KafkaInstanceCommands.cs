using System.Security.Cryptography;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Clusters.Rules;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Revisions;
using Portal.Server.Security;

namespace Portal.Server.Clusters;

/// <summary>Registers, changes and removes Kafka instances.</summary>
internal sealed class KafkaInstanceCommands(ClusterCommandParts parts) : ClusterCommands<KafkaInstance, KafkaInstanceDraft>(parts)
{
    protected override string Noun => "Kafka instance";

    protected override AuditSubject Subject(string? id, string name) => AuditSubject.KafkaInstance(id, name);

    protected override (string Name, string Region) NameAndRegion(KafkaInstanceDraft draft) => (draft.Name, draft.Region);

    protected override List<FieldError> Check(KafkaInstance? stored, KafkaInstanceDraft draft, IReadOnlyList<string> regions, bool bySandbox) =>
        KafkaInstanceValidator.Check(stored, draft, regions, bySandbox);

    protected override async Task<CommandResult?> RefuseRemovalAsync(PortalDb db, KafkaInstance row, CancellationToken cancellationToken) =>
        await Dependants.RefuseRemovalAsync(row.Name, db.TasksOfCluster(row.Id), "point them at another instance", cancellationToken)
        ?? await db.RefuseInMotionAsync(
            Roster, row.Name, stamp => stamp.InstanceId == row.Id, former => former.KafkaInstanceId == row.Id, cancellationToken);

    protected override KafkaInstance New(Actor actor, KafkaInstanceDraft draft) => new()
    {
        Id = Ids.New(Ids.KafkaInstance),
        Name = draft.Name,
        Region = draft.Region,
        IsEmbedded = actor.IsSystem,
        BootstrapServers = draft.BootstrapServers,
        CreatedAt = Time.GetUtcNow(),
        CreatedBy = actor.Name,
        UpdatedAt = Time.GetUtcNow(),
    };

    protected override void KeepRevision(PortalDb db, KafkaInstance row, Actor actor) => db.KeepRevision(row, actor);

    // Dated not before the change that it is about: until this save there was nothing stored that it could tell of.
    protected override void KeepTest(PortalDb db, KafkaInstance row, Actor actor)
    {
        if (FindTest(row, actor) is { } test)
        {
            db.Add(new KafkaCheckRow { KafkaInstanceId = row.Id, At = row.AddressChangedAt ?? test.At, Actor = actor.Name, Report = test.Report });
        }
    }

    protected override ChangeText Apply(KafkaInstance row, KafkaInstanceDraft draft, bool isNew, out bool reachesEngine)
    {
        var (servers, userName) = (Servers(draft.BootstrapServers), NullIfEmpty(draft.UserName));
        var (ca, certificate) = (NullIfEmpty(draft.CaPem), NullIfEmpty(draft.ClientCertificatePem));
        var connection = new ChangeText()
            .Field("Bootstrap servers", isNew ? null : row.BootstrapServers, servers)
            .Field("Security", isNew ? null : row.Security, draft.Security)
            .Field("Mechanism", isNew ? null : row.Mechanism, draft.Mechanism)
            .Field("User name", isNew ? null : row.UserName, userName)
            .Secret("Password", draft.Password)
            .Field("CA", isNew ? null : row.CaPem, ca)
            .Field("Client certificate", isNew ? null : row.ClientCertificatePem, certificate)
            .Secret("Client key", draft.ClientKey);
        reachesEngine = !connection.IsEmpty;
        var change = new ChangeText()
            .Field("Name", isNew ? null : row.Name, draft.Name)
            .Field("Region", isNew ? null : row.Region, draft.Region)
            .Field("Description", isNew ? null : row.Description, draft.Description)
            .Also(connection);

        (row.Name, row.Region, row.Description) = (draft.Name, draft.Region, draft.Description);
        (row.BootstrapServers, row.Security, row.Mechanism, row.UserName) = (servers, draft.Security, draft.Mechanism, userName);
        (row.CaPem, row.ClientCertificatePem) = (ca, certificate);
        row.Password = Secrets.Apply(SecretKind.KafkaPassword, row.Password, draft.Password);
        row.ClientKey = Secrets.Apply(SecretKind.KafkaClientKey, row.ClientKey, draft.ClientKey);
        return change;
    }

    private FinishedTest? FindTest(KafkaInstance row, Actor actor)
    {
        try
        {
            return Passed.Find(actor, Specs.Kafka(row));
        }
        catch (CryptographicException)
        {
            // A secret that nobody can read any more was tested by nobody.
            return null;
        }
    }

    private static string Servers(string text) =>
        string.Join(',', text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
