using Microsoft.EntityFrameworkCore;
using Portal.Server.Data;

namespace Portal.Server.ConnectorTasks;

/// <summary>What the lists of tasks and of their clients search, filter and order by.</summary>
internal sealed record TaskLine(
    string Id, string Name, string ConnectionId, string Connection, string UserName, string InstanceId, string Instance, string Region, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>
/// The lines of all tasks, kept in memory: joining ten thousand rows for each page costs more than all the rest of the answer. They are read
/// again after a save that may have changed one.
/// </summary>
internal sealed class TaskLines(IDbContextFactory<PortalDb> databases, TaskLineChanges changes)
{
    private Read? _read;

    private sealed record Read(long Change, IReadOnlyList<TaskLine> Lines);

    public async Task<IReadOnlyList<TaskLine>> AllAsync(CancellationToken cancellationToken)
    {
        // Before the query: a save that comes between makes it read once more, never once too few.
        var change = changes.Last;
        if (Volatile.Read(ref _read) is { } read && read.Change == change)
        {
            return read.Lines;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var lines = await db.ConnectorTasks.AsNoTracking()
            .Select(task => new TaskLine(
                task.Id,
                task.Name,
                task.ConnectionId,
                task.Connection.Name,
                task.Connection.UserName,
                task.KafkaInstanceId,
                task.KafkaInstance.Name,
                task.Connection.MqttCluster.Region,
                task.CreatedAt,
                task.UpdatedAt))
            .ToListAsync(cancellationToken);
        Volatile.Write(ref _read, new Read(change, lines));
        return lines;
    }
}
