using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data;
using Portal.Server.Data.Entities;

namespace Portal.Server.Operations;

/// <summary>Stores the operation and hands it to the runner.</summary>
internal sealed class RollingRestart(IDbContextFactory<PortalDb> databases, OperationStore store, RunOperations runner, TimeProvider time) : IRollingRestart
{
    public async Task<string?> StartAsync(string title, IReadOnlyList<string> taskIds, string actor, CancellationToken cancellationToken)
    {
        var names = await NamesAsync(taskIds, cancellationToken);
        var items = taskIds.Where(names.ContainsKey)
            .Select((id, position) => new OperationItemRow { Position = position, TargetId = id, TargetName = names[id] })
            .ToList();
        if (items.Count == 0)
        {
            return null;
        }

        var row = new OperationRow
        {
            Id = Ids.New(Ids.Operation),
            Kind = OperationKind.RestartTasks,
            Title = title,
            State = OperationState.Waiting,
            StartedBy = actor,
            StartedAt = time.GetUtcNow(),
            Items = items,
        };
        await store.AddAsync(row, cancellationToken);
        runner.Begin(row.Id);
        return row.Id;
    }

    private async Task<Dictionary<string, string>> NamesAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.ConnectorTasks.Where(task => taskIds.Contains(task.Id)).ToDictionaryAsync(task => task.Id, task => task.Name, cancellationToken);
    }
}
