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

    /// <summary>Refuses to remove what tasks use.</summary>
    /// <returns>Null when none does.</returns>
    public static async Task<CommandResult?> RefuseRemovalAsync(string name, IQueryable<ConnectorTask> tasks, string remedy, CancellationToken cancellationToken)
    {
        var users = await tasks.OrderBy(task => task.Name)
            .Select(task => new { task.Name, IsDeleting = task.DeletingSince != null })
            .ToListAsync(cancellationToken);
        // Those on their way out need nobody: telling a person to delete them would send him in a circle.
        var staying = users.Where(user => !user.IsDeleting).Select(user => user.Name).ToList();
        return (users.Count, staying.Count) switch
        {
            (0, _) => null,
            (_, 0) => Refused(name, "task", [.. users.Select(user => user.Name)], "Each is being deleted: wait until it is gone."),
            _ => Refused(name, "task", staying, $"Delete them or {remedy} first."),
        };
    }

    /// <summary>Refuses to remove what tasks would go back to, or run on with, although they are asked to use something else.</summary>
    /// <returns>Null when none would.</returns>
    public static async Task<CommandResult?> RefuseWayBackAsync(
        this PortalDb db, string name, Func<ConnectorTaskDraft, bool> uses, CancellationToken cancellationToken)
    {
        // Few tasks have a way back, and the database cannot look into it.
        var rows = await db.ConnectorTasks.Where(task => task.FormerSettings != null && task.DeletingSince == null)
            .OrderBy(task => task.Name)
            .Select(task => new { task.Name, task.FormerSettings })
            .ToListAsync(cancellationToken);
        var users = rows.Where(row => uses(row.FormerSettings!)).Select(row => row.Name).ToList();
        return users.Count == 0 ? null : Refused(
            name, "task", users, "They were given something else and have not come up with it yet: mend what keeps them from it, or pause them, first.");
    }

    /// <summary>What is said of something that still has users.</summary>
    public static CommandResult Refused(string name, string kind, IReadOnlyList<string> users, string advice) => CommandResult.Not(
        CommandOutcome.Refused, $"{name} is used by {users.Count} {kind}{(users.Count == 1 ? "" : "s")}: {InWords(users)}. {advice}");

    /// <summary>The ids of those that run, in the order in which they are restarted.</summary>
    public static Task<List<string>> RunningAsync(IQueryable<ConnectorTask> tasks, CancellationToken cancellationToken) =>
        tasks.Where(task => task.Asked == AskedState.Running && task.DeletingSince == null)
            .OrderBy(task => task.Name)
            .Select(task => task.Id)
            .ToListAsync(cancellationToken);

    /// <summary>Why a cluster or an instance may not move to this region: tasks that do not allow it would then run between two.</summary>
    public static async Task<FieldError?> RegionErrorAsync(this PortalDb db, string id, string region, CancellationToken cancellationToken)
    {
        var tasks = await db.TasksOfCluster(id).AsNoTracking().OrderBy(task => task.Name)
            .Select(task => new { task.Name, task.Settings, task.KafkaInstanceId, Source = task.Connection.MqttCluster.Region, Target = task.KafkaInstance.Region })
            .ToListAsync(cancellationToken);
        var broken = tasks
            .Where(task => !task.Settings.AllowOtherRegion && (task.KafkaInstanceId == id ? task.Source : task.Target) != region)
            .Select(task => task.Name)
            .ToList();
        return broken.Count == 0 ? null : OtherRegion("Region", broken);
    }

    /// <summary>What is said of tasks that would run between two regions.</summary>
    public static FieldError OtherRegion(string field, IReadOnlyList<string> names) => new(
        field,
        $"The connection and the Kafka instance of {names.Count} task{(names.Count == 1 ? "" : "s")} would then be in different regions: {InWords(names)}. Allow another region there first, or give them others.");

    /// <summary>Names them, the first ten by name.</summary>
    public static string InWords(IReadOnlyList<string> names) =>
        names.Count <= NamesInWords
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(NamesInWords))} and {names.Count - NamesInWords} more";
}
