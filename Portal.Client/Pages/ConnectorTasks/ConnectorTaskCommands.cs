using Portal.Client.Components.Feedback;
using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.ConnectorTasks;

/// <summary>
/// What can be done to tasks, from the list and from their pages: asks where something is interrupted or destroyed, calls the service and
/// shows how it ended. Pausing is not asked about, since resuming undoes it.
/// </summary>
public sealed class ConnectorTaskCommands(IConnectorTaskService service, ITaskRecovery recovery, Confirmations confirmations, Notices notices)
{
    /// <summary>Pauses tasks.</summary>
    public async Task PauseAsync(IReadOnlyList<ConnectorTaskView> tasks)
    {
        var result = await service.PauseAsync(Ids(tasks), CancellationToken.None);
        notices.Show(result, $"Pause {Named(tasks)}", $"Pausing {Named(tasks)}; {KeptText(tasks)}", () => PauseAsync(tasks));
    }

    /// <summary>Makes the next attempt of a task that recovers at once.</summary>
    public async Task TryNowAsync(ConnectorTaskView task)
    {
        var result = await recovery.TryNowAsync(task.Id, CancellationToken.None);
        notices.Show(result, $"Try {task.Settings.Name} now", $"Trying {task.Settings.Name} now");
    }

    /// <summary>Ends the automatic restarts of a task that failed.</summary>
    public async Task StopTryingAsync(ConnectorTaskView task)
    {
        var result = await recovery.StopTryingAsync(task.Id, CancellationToken.None);
        notices.Show(result, $"Stop trying {task.Settings.Name}", $"{task.Settings.Name} is no longer restarted by itself");
    }

    /// <summary>Resumes tasks.</summary>
    public async Task ResumeAsync(IReadOnlyList<ConnectorTaskView> tasks)
    {
        var result = await service.ResumeAsync(Ids(tasks), CancellationToken.None);
        notices.Show(result, $"Resume {Named(tasks)}", $"Starting {Named(tasks)}", () => ResumeAsync(tasks));
    }

    /// <summary>Restarts those of the tasks that are asked to run, once the person agreed to what that costs.</summary>
    public async Task RestartAsync(IReadOnlyList<ConnectorTaskView> tasks)
    {
        var running = tasks.Where(task => task.Asked == AskedState.Running).ToList();
        if (running.Count == 0)
        {
            notices.Fail($"Restart {Named(tasks)}: nothing to restart", "Paused tasks take the stored settings when they are resumed.");
            return;
        }

        var verb = $"Restart {Named(running)}";
        if (await confirmations.InterruptAsync($"{verb}?", RestartText(running, tasks.Count - running.Count), verb))
        {
            var result = await service.RestartAsync(Ids(running), CancellationToken.None);
            notices.Show(result, verb, $"Restarting {Named(running)}", () => RestartAsync(tasks));
        }
    }

    /// <summary>Deletes a task, once its name was typed. Returns whether the person went on.</summary>
    public async Task<bool> DeleteAsync(ConnectorTaskView task)
    {
        var name = task.Settings.Name;
        var agreed = await confirmations.DestroyAsync(
            $"Delete task {name}?",
            "The task finishes what is open and ends its sessions at the broker. Messages that wait there for it alone are lost. "
            + "What is in Kafka stays, its dead letters too.",
            $"Delete task {name}",
            name);
        if (agreed)
        {
            var result = await service.DeleteAsync(task.Id, task.Revision, forgetSessions: false, CancellationToken.None);
            notices.Show(result, $"Delete task {name}", $"Deleting task {name}");
        }

        return agreed;
    }

    /// <summary>
    /// Removes a task whose deletion does not end, since broker or Kafka do not answer, and gives up what is open and what the broker holds
    /// for it.
    /// </summary>
    public async Task ForgetAsync(ConnectorTaskView task)
    {
        var name = task.Settings.Name;
        var agreed = await confirmations.DestroyAsync(
            $"Remove task {name} at once?",
            "Its deletion waits until what is open is in Kafka and its sessions at the broker are ended. Removed at once, what is open does not "
            + "reach Kafka through this task, and the sessions stay at the broker until they expire there.",
            $"Remove task {name}",
            name);
        if (agreed)
        {
            var result = await service.DeleteAsync(task.Id, task.Revision, forgetSessions: true, CancellationToken.None);
            notices.Show(result, $"Remove task {name}", $"Task {name} removed");
        }
    }

    /// <summary>Closes the connection of one client.</summary>
    public async Task DisconnectAsync(ConnectorTaskView task, string clientId)
    {
        var agreed = await confirmations.InterruptAsync(
            $"Disconnect {clientId}?",
            task.Settings.CleanSession || task.Settings.Qos == 0
                ? "The client connects again by itself within seconds. Messages sent meanwhile are lost, and so are those that are open."
                : "The client connects again by itself within seconds. The broker keeps its messages meanwhile and sends what is open once more.",
            "Disconnect client");
        if (agreed)
        {
            var result = await service.DisconnectClientAsync(task.Id, clientId, CancellationToken.None);
            notices.Show(result, $"Disconnect {clientId}", $"Disconnecting {clientId}");
        }
    }

    /// <summary>
    /// Whether a task rests or is about to, by what is observed: in a list that is seconds newer than what was read of what is asked.
    /// </summary>
    public static bool Rests(ConnectorTaskView task) => task.Live.Status is ConnectorTaskStatus.Paused or ConnectorTaskStatus.Pausing;

    /// <summary>One task by its name, several by their number.</summary>
    public static string Named(IReadOnlyList<ConnectorTaskView> tasks) =>
        tasks is [var one] ? one.Settings.Name : Numbers.Plural(tasks.Count, "task");

    // The shortest time counts for several; what is not known is not promised.
    private static string KeptText(IReadOnlyList<ConnectorTaskView> tasks)
    {
        var kept = tasks.Select(task => task.Live.SessionExpirySeconds).ToList();
        return kept.Contains(0) ? "messages sent meanwhile are lost, since the broker keeps no session"
            : kept.Contains(null) ? "the broker keeps the sessions for as long as it is set up to"
            : $"the broker keeps the sessions for {Numbers.Duration(TimeSpan.FromSeconds(kept.Min()!.Value))}";
    }

    private static string RestartText(List<ConnectorTaskView> running, int paused)
    {
        var losing = running.Count(task => task.Settings.Qos == 0 || task.Settings.CleanSession);
        var how = running.Count == 1
            ? "It finishes what is open, disconnects and connects again with the stored settings: a few seconds without messages."
            : $"{running.Count} running tasks are interrupted one after the other, a few seconds each; it stops after three failures.";
        var cost = losing == 0
            ? " The broker keeps the messages meanwhile; nothing is lost."
            : losing == running.Count
                ? " Messages sent meanwhile are lost, since QoS 0 or a clean session keeps none."
                : $" For {losing} of them messages sent meanwhile are lost, since QoS 0 or a clean session keeps none.";
        var rest = paused > 0 ? $" Left as they are: {Numbers.Plural(paused, "paused task")}." : "";
        return how + cost + rest;
    }

    private static IReadOnlyList<string> Ids(IReadOnlyList<ConnectorTaskView> tasks) => [.. tasks.Select(task => task.Id)];
}
