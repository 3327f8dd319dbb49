using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data;
using Portal.Server.Data.Entities;

namespace Portal.Server.Clusters;

/// <summary>Who uses what: the tasks that a change touches, and the words of a refused removal.</summary>
internal static class Dependants
{
    private const int NamesInWords = 10;

    public static IQueryable<ConnectorTask> TasksOfConnection(this PortalDb db, string id) =>
        db.ConnectorTasks.Where(task => task.ConnectionId == id);

    /// <summary>The tasks behind an MQTT cluster or a Kafka instance; ids of both never meet.</summary>
    public static IQueryable<ConnectorTask> TasksOfCluster(this PortalDb db, string id) =>
        db.ConnectorTasks.Where(task => task.Connection.MqttClusterId == id || task.KafkaInstanceId == id);

    public static async Task<IReadOnlyList<DependentTask>> ListAsync(IQueryable<ConnectorTask> tasks, CancellationToken cancellationToken)
    {
        var rows = await tasks.OrderBy(task => task.Name)
            .Select(task => new { task.Id, task.Name, task.Asked, task.Settings })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new DependentTask(row.Id, row.Name, row.Asked == AskedState.Running, row.Settings.Qos))];
    }

    /// <summary>The ids of those that run, in the order in which they are restarted.</summary>
    public static Task<List<string>> RunningAsync(IQueryable<ConnectorTask> tasks, CancellationToken cancellationToken) =>
        tasks.Where(task => task.Asked == AskedState.Running && task.DeletingSince == null)
            .OrderBy(task => task.Name)
            .Select(task => task.Id)
            .ToListAsync(cancellationToken);

    /// <summary>Names them, the first ten by name.</summary>
    public static string InWords(IReadOnlyList<string> names) =>
        names.Count <= NamesInWords
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(NamesInWords))} and {names.Count - NamesInWords} more";
}
