using Microsoft.EntityFrameworkCore;
using Portal.Server.Data;
using Portal.Server.Data.Entities;

namespace Portal.Server.Operations;

/// <summary>Stores the operation and hands it to the runner.</summary>
internal sealed class RollingRestart(IDbContextFactory<PortalDb> databases, OperationStart start) : IRollingRestart
{
    public async Task<string?> StartAsync(
        string title, IReadOnlyList<string> taskIds, string actor, CancellationToken cancellationToken, string? subjectId = null)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var names = await db.ConnectorTasks.Where(task => taskIds.Contains(task.Id))
            .ToDictionaryAsync(task => task.Id, task => task.Name, cancellationToken);
        // The server carries a restart out by itself: nothing of the task changes, and who ordered it passed the gate.
        return await start.RunAsync(
            OperationKind.RestartTasks,
            title,
            [.. taskIds.Where(names.ContainsKey).Select(id => new OperationTarget(id, names[id]))],
            new(actor, null),
            cancellationToken,
            subjectId: subjectId);
    }
}
