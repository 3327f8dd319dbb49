using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.WizardDrafts;

/// <inheritdoc cref="IDraftService"/>
internal sealed partial class DraftService(
    IDbContextFactory<PortalDb> databases, ChangeGate gate, IActor actor, SecretProtector secrets, TimeProvider time) : IDraftService
{
    /// <summary>How long a draft is kept that nobody saves again.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const int MostOfAKind = 50;
    private const int LongestStep = 20;
    private const int LongestContent = 1_000_000;

    public string NewId() => Ids.New(Ids.Draft);

    public async Task<string> IdOfEditAsync(string objectId) => Ids.Derived(Ids.Draft, $"{await OwnerAsync()} {objectId}");

    public async Task<IReadOnlyList<DraftSummary>> ListAsync(DraftKind kind, CancellationToken cancellationToken)
    {
        var (owner, since) = (await OwnerAsync(), time.GetUtcNow() - Kept);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Drafts.AsNoTracking().Where(row => row.OwnerId == owner && row.Kind == kind && row.SavedAt > since)
            .OrderByDescending(row => row.SavedAt).ToListAsync(cancellationToken);
        return [.. rows.Select(Summary)];
    }

    public async Task<KeptDraft<T>?> FindAsync<T>(string id, CancellationToken cancellationToken)
        where T : class
    {
        var (owner, kind, since) = (await OwnerAsync(), KindOf<T>(), time.GetUtcNow() - Kept);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Drafts.AsNoTracking()
            .FirstOrDefaultAsync(one => one.Id == id && one.OwnerId == owner && one.Kind == kind && one.SavedAt > since, cancellationToken);
        return row is null ? null : new KeptDraft<T>(Summary(row), Read<T>(row));
    }

    public async Task<CommandResult> SaveAsync<T>(string id, T content, string step, CancellationToken cancellationToken)
        where T : class
    {
        var kind = KindOf<T>();
        var (title, subject) = NameOf(content);
        var (who, refusal) = await gate.EnterAsync("save a draft of", subject, cancellationToken);
        if (refusal is not null || who.UserId is not { } owner)
        {
            return refusal ?? CommandResult.Not(CommandOutcome.Forbidden, "A draft belongs to a person; the server itself has none.");
        }

        // The secrets leave the content before it becomes text, so that they can never rest in clear.
        var (stripped, typed) = DraftSecrets.TakeOut(content);
        var text = JsonSerializer.Serialize(stripped, stripped.GetType(), ColumnJson.Options);
        if (!IdRule().IsMatch(id) || step.Length > LongestStep || text.Length > LongestContent)
        {
            return CommandResult.Not(CommandOutcome.Refused, "This draft cannot be saved: its id, its step or its size is not one of a wizard.");
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Drafts.FindAsync([id], cancellationToken);
        if (row is not null && (row.OwnerId != owner || row.Kind != kind))
        {
            return CommandResult.Not(CommandOutcome.NotFound, "There is no such draft of yours. Begin a new one.");
        }

        if (row is null)
        {
            await MakeRoomAsync(db, owner, kind, cancellationToken);
            row = new DraftRow { Id = id, OwnerId = owner, Kind = kind, Title = "", Step = "", Content = "" };
            db.Add(row);
        }

        (row.Title, row.Step, row.Content, row.SavedAt) = (title, step, text, time.GetUtcNow());
        row.Secrets = typed == DraftSecrets.None ? null : secrets.Protect(SecretKind.Draft, JsonSerializer.Serialize(typed));
        await db.SaveChangesAsync(cancellationToken);
        return CommandResult.Accepted(id);
    }

    public async Task<CommandResult> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var owner = await OwnerAsync();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Drafts.Where(row => row.Id == id && row.OwnerId == owner).ExecuteDeleteAsync(cancellationToken);
        return CommandResult.Accepted(id);
    }

    private static DraftKind KindOf<T>() => typeof(T) == typeof(ConnectorTaskDraft) ? DraftKind.ConnectorTask
        : typeof(T) == typeof(ConnectionDraft) ? DraftKind.Connection
        : typeof(T) == typeof(MqttClusterDraft) ? DraftKind.MqttCluster
        : typeof(T) == typeof(KafkaInstanceDraft) ? DraftKind.KafkaInstance
        : typeof(T) == typeof(EditDraft<ConnectorTaskDraft>) ? DraftKind.ConnectorTaskEdit
        : typeof(T) == typeof(EditDraft<ConnectionDraft>) ? DraftKind.ConnectionEdit
        : typeof(T) == typeof(EditDraft<MqttClusterDraft>) ? DraftKind.MqttClusterEdit
        : typeof(T) == typeof(EditDraft<KafkaInstanceDraft>) ? DraftKind.KafkaInstanceEdit
        : throw new ArgumentException($"There are no drafts of {typeof(T).Name}.");

    private static (string Title, AuditSubject Subject) NameOf(object content) => content switch
    {
        ConnectorTaskDraft draft => (draft.Name, AuditSubject.ConnectorTask(null, draft.Name)),
        ConnectionDraft draft => (draft.Name, AuditSubject.Connection(null, draft.Name)),
        MqttClusterDraft draft => (draft.Name, AuditSubject.MqttCluster(null, draft.Name)),
        KafkaInstanceDraft draft => (draft.Name, AuditSubject.KafkaInstance(null, draft.Name)),
        EditDraft<ConnectorTaskDraft> edit => NameOf(edit.After),
        EditDraft<ConnectionDraft> edit => NameOf(edit.After),
        EditDraft<MqttClusterDraft> edit => NameOf(edit.After),
        EditDraft<KafkaInstanceDraft> edit => NameOf(edit.After),
        _ => throw new ArgumentException($"There are no drafts of {content.GetType().Name}."),
    };

    private static DraftSummary Summary(DraftRow row) => new(row.Id, row.Kind, row.Title, row.Step, row.SavedAt, row.SavedAt + Kept);

    private static async Task MakeRoomAsync(PortalDb db, string owner, DraftKind kind, CancellationToken cancellationToken)
    {
        var tooMany = await db.Drafts.Where(row => row.OwnerId == owner && row.Kind == kind)
            .OrderByDescending(row => row.SavedAt).Skip(MostOfAKind - 1).ToListAsync(cancellationToken);
        db.RemoveRange(tooMany);
    }

    private async Task<string> OwnerAsync() => (await actor.FindAsync())?.UserId ?? "";

    private T Read<T>(DraftRow row)
        where T : class =>
        (T)DraftSecrets.PutBack(JsonSerializer.Deserialize<T>(row.Content, ColumnJson.Options)!, Reveal(row));

    private DraftSecrets Reveal(DraftRow row)
    {
        try
        {
            return secrets.Reveal(SecretKind.Draft, row.Secrets) is { } text ? JsonSerializer.Deserialize<DraftSecrets>(text)! : DraftSecrets.None;
        }
        catch (Exception cause) when (cause is CryptographicException or JsonException)
        {
            // The keys were replaced: the rest of the draft is worth having, and its secrets are asked for again.
            return DraftSecrets.None;
        }
    }

    [GeneratedRegex("^draft-[a-z0-9]{8}$")]
    private static partial Regex IdRule();
}
