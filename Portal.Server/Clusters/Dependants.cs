using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live.Roster;

namespace Portal.Server.Clusters;

/// <summary>Who uses what: the tasks that a change touches, and the words of a refused removal.</summary>
internal static class Dependants
{
    private const int NamesInWords = 10;

    private sealed record User(string Name, bool IsDeleting);

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
            .Select(task => new User(task.Name, task.DeletingSince != null))
            .ToListAsync(cancellationToken);
        return Refused(name, users, $"Delete them or {remedy} first.");
    }

    /// <summary>
    /// Refuses to remove what tasks run with, or would go back to, although they are asked to use something else: what runs signs in with it again,
    /// and its sessions at the broker are ended with it.
    /// </summary>
    /// <param name="db">Where tasks are stored.</param>
    /// <param name="roster">What they run with.</param>
    /// <param name="name">Of what shall be removed.</param>
    /// <param name="isIn">Whether a pipeline was compiled from it.</param>
    /// <param name="isNamedBy">Whether a way back that is stored names it.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>Null when none does.</returns>
    public static async Task<CommandResult?> RefuseInMotionAsync(
        this PortalDb db, TaskRoster roster, string name, Func<SettingsStamp, bool> isIn, Func<ConnectorTaskDraft, bool> isNamedBy, CancellationToken cancellationToken)
    {
        var ids = roster.All()
            .Where(entry => (entry.InMotion is { } runs && isIn(runs.Stamp)) || (entry.Former is { } former && isIn(former.Stamp)))
            .Select(entry => entry.Id)
            .ToHashSet();

        // Few tasks have a way back, and the database cannot look into it.
        var rows = await db.ConnectorTasks.Where(task => ids.Contains(task.Id) || (task.FormerSettings != null && task.DeletingSince == null))
            .OrderBy(task => task.Name)
            .Select(task => new { task.Id, User = new User(task.Name, task.DeletingSince != null), task.FormerSettings })
            .ToListAsync(cancellationToken);
        var users = rows.Where(row => ids.Contains(row.Id) || (row.FormerSettings is { } former && isNamedBy(former))).Select(row => row.User).ToList();
        return Refused(
            name, users, "They were given something else, but still run with this one or would go back to it: restart them, mend what keeps them from the new one, or pause them, first.");
    }

    /// <summary>What is said of something that still has users.</summary>
    public static CommandResult Refused(string name, string kind, IReadOnlyList<string> users, string advice) => CommandResult.Not(
        CommandOutcome.Refused, $"{name} is used by {users.Count} {kind}{(users.Count == 1 ? "" : "s")}: {InWords(users)}. {advice}");

    // Those on their way out need nobody: telling a person to do something about them would send him in a circle.
    private static CommandResult? Refused(string name, IReadOnlyList<User> users, string advice)
    {
        var staying = users.Where(user => !user.IsDeleting).Select(user => user.Name).ToList();
        return (users.Count, staying.Count) switch
        {
            (0, _) => null,
            (_, 0) => Refused(name, "task", [.. users.Select(user => user.Name)], "Each is being deleted: wait until it is gone."),
            _ => Refused(name, "task", staying, advice),
        };
    }

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
