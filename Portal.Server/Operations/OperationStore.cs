using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live;

namespace Portal.Server.Operations;

/// <summary>
/// Reads and writes operations; everything written is told to those who watch. An operation may have thousands of items, so a step writes
/// its own row and nothing else, and what is told shares all other items with what was told before.
/// </summary>
internal sealed class OperationStore(IDbContextFactory<PortalDb> databases, LiveFeed feed) : IDisposable
{
    private static readonly OperationState[] Unfinished = [OperationState.Waiting, OperationState.Running];

    // One write at a time: what is told must be in the order of what was written. SQLite has one writer anyway.
    private readonly SemaphoreSlim _writing = new(1);

    public void Dispose() => _writing.Dispose();

    public async Task AddAsync(OperationRow row, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        feed.Operations.Publish(View(row, Items(row.Items)));
    }

    /// <summary>Newest first, without their items, which may be many.</summary>
    public async Task<ListPage<OperationView>> PageAsync(int page, int size, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var total = await db.Operations.CountAsync(cancellationToken);
        // Of a page far behind the last the rows to skip would overflow.
        var before = (int)Math.Min((page - 1L) * size, total);
        var rows = await db.Operations.AsNoTracking()
            .OrderByDescending(row => row.StartedAt).ThenByDescending(row => row.Id).Skip(before).Take(size).ToListAsync(cancellationToken);
        var ids = rows.ConvertAll(row => row.Id);
        var counts = await db.OperationItems.Where(item => ids.Contains(item.OperationId))
            .GroupBy(item => new { item.OperationId, item.State })
            .Select(group => new { group.Key.OperationId, group.Key.State, Count = group.Count() })
            .ToListAsync(cancellationToken);
        var byId = counts.ToLookup(line => line.OperationId);
        var items = rows.ConvertAll(row => View(row, []) with { Counts = OperationCounts.Of(byId[row.Id].ToDictionary(line => line.State, line => line.Count)) });
        return new ListPage<OperationView>(items, total, new Dictionary<string, int>());
    }

    public async Task<OperationView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ReadAsync(db, id, cancellationToken);
    }

    /// <summary>One item as it stands, or null.</summary>
    public async Task<OperationItem?> FindItemAsync(string id, int position, CancellationToken cancellationToken) =>
        (feed.Operations.Find(id) ?? await FindAsync(id, cancellationToken))?.Items.ElementAtOrDefault(position);

    /// <summary>The operations that a former process left unfinished.</summary>
    public async Task<IReadOnlyList<string>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Operations.Where(row => Unfinished.Contains(row.State)).OrderBy(row => row.StartedAt).Select(row => row.Id).ToListAsync(cancellationToken);
    }

    /// <summary>The paused operations with items that a former process was in the middle of.</summary>
    public async Task<IReadOnlyList<string>> InterruptedAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Operations.Where(row => row.State == OperationState.Paused && row.Items.Any(item => item.State == OperationState.Running))
            .Select(row => row.Id).ToListAsync(cancellationToken);
    }

    /// <summary>What the operation does, and in whose name; null when there is no such operation.</summary>
    public async Task<OperationRow?> OrderAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Operations.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    /// <summary>Changes one operation, without its items, in one save, and tells it.</summary>
    /// <returns>The operation as it is now, or null when there is none.</returns>
    public Task<OperationView?> ChangeAsync(string id, Action<PortalDb, OperationRow, OperationCounts> change, CancellationToken cancellationToken) =>
        WriteAsync(id, async (db, before) =>
        {
            var row = await db.Operations.SingleAsync(found => found.Id == id, cancellationToken);
            change(db, row, before.Counts);
            await db.SaveChangesAsync(cancellationToken);
            return View(row, before.Items) with { Counts = before.Counts };
        }, cancellationToken);

    /// <summary>Changes one operation, and all its items that stand in one of these states to another.</summary>
    public Task<OperationView?> ChangeItemsAsync(
        string id,
        IReadOnlyList<OperationState> from,
        OperationState to,
        string? text,
        Action<PortalDb, OperationRow> change,
        CancellationToken cancellationToken) =>
        WriteAsync(id, async (db, _) =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.OperationItems.Where(item => item.OperationId == id && from.Contains(item.State)).ExecuteUpdateAsync(
                set => set.SetProperty(item => item.State, to).SetProperty(item => item.Text, text).SetProperty(item => item.Took, (TimeSpan?)null),
                cancellationToken);
            change(db, await db.Operations.SingleAsync(found => found.Id == id, cancellationToken));
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return (await ReadAsync(db, id, cancellationToken))!;
        }, cancellationToken);

    /// <summary>Changes one item, when it stands in one of these states and the operation runs, and tells it.</summary>
    /// <returns>Whether it was changed.</returns>
    public async Task<bool> ChangeItemAsync(
        string id, int position, IReadOnlyList<OperationState> from, Func<OperationItem, OperationItem> change, bool onlyWhileRunning, CancellationToken cancellationToken)
    {
        var changed = false;
        await WriteAsync(id, async (db, before) =>
        {
            var item = before.Items[position];
            if (!from.Contains(item.State) || (onlyWhileRunning && before.State != OperationState.Running))
            {
                return before;
            }

            var after = change(item);
            await db.OperationItems.Where(row => row.OperationId == id && row.Position == position).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, after.State).SetProperty(row => row.Text, after.Text).SetProperty(row => row.Took, after.Took),
                cancellationToken);
            changed = true;
            var items = (before.Items as ImmutableList<OperationItem> ?? [.. before.Items]).SetItem(position, after);
            return before with { Items = items, Counts = before.Counts.Moved(item.State, after.State) };
        }, cancellationToken);
        return changed;
    }

    private static async Task<OperationView?> ReadAsync(PortalDb db, string id, CancellationToken cancellationToken) =>
        await db.Operations.AsNoTracking().Include(row => row.Items).FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is { } found
            ? View(found, Items(found.Items))
            : null;

    private async Task<OperationView?> WriteAsync(string id, Func<PortalDb, OperationView, Task<OperationView>> write, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            // What was told last is what is stored; after a restart, or ten minutes after its end, it has to be read first.
            var before = feed.Operations.Find(id) is { Items.Count: > 0 } told ? told : await ReadAsync(db, id, cancellationToken);
            if (before is null)
            {
                return null;
            }

            var after = await write(db, before);
            if (after != before)
            {
                feed.Operations.Publish(after);
            }

            return after;
        }
        finally
        {
            _writing.Release();
        }
    }

    private static ImmutableList<OperationItem> Items(IEnumerable<OperationItemRow> rows) =>
        [.. rows.OrderBy(item => item.Position).Select(item => new OperationItem(item.TargetId, item.TargetName, item.State, item.Text, item.Took))];

    private static OperationView View(OperationRow row, IReadOnlyList<OperationItem> items) => new()
    {
        Id = row.Id,
        Title = row.Title,
        State = row.State,
        StartedBy = row.StartedBy,
        StartedAt = row.StartedAt,
        EndedAt = row.EndedAt,
        Text = row.Text,
        Items = items,
        Counts = OperationCounts.Of(items),
    };
}
