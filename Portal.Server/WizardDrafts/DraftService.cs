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
        var (title, subject, stripped, password) = TakeApart(content);
        var (who, refusal) = await gate.EnterAsync("save a draft of", subject, cancellationToken);
        if (refusal is not null || who.UserId is not { } owner)
        {
            return refusal ?? CommandResult.Not(CommandOutcome.Forbidden, "A draft belongs to a person; the server itself has none.");
        }

        var text = JsonSerializer.Serialize(stripped, ColumnJson.Options);
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
        row.Password = password is null ? null : secrets.Protect(SecretKind.DraftPassword, password);
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
        : typeof(T) == typeof(EditDraft<ConnectorTaskDraft>) ? DraftKind.ConnectorTaskEdit
        : typeof(T) == typeof(EditDraft<ConnectionDraft>) ? DraftKind.ConnectionEdit
        : throw new ArgumentException($"There are no drafts of {typeof(T).Name}.");

    // The password leaves the content before it becomes text, so that it can never rest in clear.
    private static (string Title, AuditSubject Subject, object Content, string? Password) TakeApart(object content) => content switch
    {
        ConnectionDraft draft => (
            draft.Name,
            AuditSubject.Connection(null, draft.Name),
            WithoutPassword(draft),
            draft.Password is { Kind: SecretChangeKind.Replace, Value: { Length: > 0 } typed } ? typed : null),
        ConnectorTaskDraft draft => (draft.Name, AuditSubject.ConnectorTask(null, draft.Name), draft, null),
        EditDraft<ConnectionDraft> edit when TakeApart(edit.After) is var after => (
            after.Title, after.Subject, edit with { Before = WithoutPassword(edit.Before), After = WithoutPassword(edit.After) }, after.Password),
        EditDraft<ConnectorTaskDraft> edit when TakeApart(edit.After) is var after => (after.Title, after.Subject, edit, null),
        _ => throw new ArgumentException($"There are no drafts of {content.GetType().Name}."),
    };

    // To remove the stored password is no secret, and must not turn into keeping it.
    private static ConnectionDraft WithoutPassword(ConnectionDraft draft) =>
        draft.Password.Kind == SecretChangeKind.Replace ? draft with { Password = SecretChange.Keep } : draft;

    private static DraftSummary Summary(DraftRow row) => new(row.Id, row.Kind, row.Title, row.Step, row.SavedAt, row.SavedAt + Kept);

    private static async Task MakeRoomAsync(PortalDb db, string owner, DraftKind kind, CancellationToken cancellationToken)
    {
        var tooMany = await db.Drafts.Where(row => row.OwnerId == owner && row.Kind == kind)
            .OrderByDescending(row => row.SavedAt).Skip(MostOfAKind - 1).ToListAsync(cancellationToken);
        db.RemoveRange(tooMany);
    }

    private async Task<string> OwnerAsync() => (await actor.FindAsync())?.UserId ?? "";

    private T Read<T>(DraftRow row)
        where T : class
    {
        var content = JsonSerializer.Deserialize<T>(row.Content, ColumnJson.Options)!;
        return (content, Reveal(row)) switch
        {
            (ConnectionDraft draft, { } password) => (T)(object)(draft with { Password = SecretChange.Replace(password) }),
            (EditDraft<ConnectionDraft> edit, { } password) => (T)(object)(edit with { After = edit.After with { Password = SecretChange.Replace(password) } }),
            _ => content,
        };
    }

    private string? Reveal(DraftRow row)
    {
        try
        {
            return secrets.Reveal(SecretKind.DraftPassword, row.Password);
        }
        catch (CryptographicException)
        {
            // The keys were replaced: the rest of the draft is worth having, and the password is asked for again.
            return null;
        }
    }

    [GeneratedRegex("^draft-[a-z0-9]{8}$")]
    private static partial Regex IdRule();
}
