using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live;

namespace Portal.Server.Operations;

/// <summary>Reads and writes operations; everything written is told to those who watch.</summary>
internal sealed class OperationStore(IDbContextFactory<PortalDb> databases, LiveFeed feed)
{
    private static readonly OperationState[] Unfinished = [OperationState.Waiting, OperationState.Running];

    public async Task AddAsync(OperationRow row, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        feed.Operations.Publish(View(row));
    }

    public async Task<IReadOnlyList<OperationView>> NewestAsync(int count, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Operations.AsNoTracking().Include(row => row.Items)
            .OrderByDescending(row => row.StartedAt).ThenByDescending(row => row.Id).Take(count).AsSplitQuery().ToListAsync(cancellationToken);
        return [.. rows.Select(View)];
    }

    public async Task<OperationView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Operations.AsNoTracking().Include(row => row.Items).FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is { } found
            ? View(found)
            : null;
    }

    /// <summary>The operations that a former process left unfinished.</summary>
    public async Task<IReadOnlyList<string>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Operations.Where(row => Unfinished.Contains(row.State)).OrderBy(row => row.StartedAt).Select(row => row.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Changes one operation and its items in one save, and tells it.</summary>
    /// <returns>The operation as it is now, or null when there is none.</returns>
    public async Task<OperationView?> ChangeAsync(string id, Action<PortalDb, OperationRow> change, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Operations.Include(row => row.Items).FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } found)
        {
            return null;
        }

        change(db, found);
        await db.SaveChangesAsync(cancellationToken);
        var view = View(found);
        feed.Operations.Publish(view);
        return view;
    }

    private static OperationView View(OperationRow row) => new()
    {
        Id = row.Id,
        Title = row.Title,
        State = row.State,
        StartedBy = row.StartedBy,
        StartedAt = row.StartedAt,
        EndedAt = row.EndedAt,
        Text = row.Text,
        Items = [.. row.Items.OrderBy(item => item.Position).Select(item => new OperationItem(item.TargetId, item.TargetName, item.State, item.Text, item.Took))],
    };
}
