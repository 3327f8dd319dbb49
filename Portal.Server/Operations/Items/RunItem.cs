using Portal.Client.Contracts;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Operations.Items;

/// <summary>Carries out one item of an operation, in the name of the person who ordered it: whose role was taken away meanwhile is refused at the next item.</summary>
internal sealed class RunItem(TaskChanges tasks, ConnectionChanges connections, ClientChanges clients, DeadLetterRetry deadLetters)
{
    // As many as the server brings up at once when it starts: more would connect in the same instant.
    private const int Most = 16;

    public static int AtOnce(OperationKind kind) => kind switch
    {
        OperationKind.RestartTasks => 1,
        OperationKind.TestConnections or OperationKind.DisconnectClients or OperationKind.DeleteSessions => 4,
        _ => Most,
    };

    /// <summary>Whether what fails for three will probably fail for all, and costs something that runs.</summary>
    public static bool StopsAfterFailures(OperationKind kind) => kind == OperationKind.RestartTasks;

    /// <param name="order">What to do, and in whose name.</param>
    /// <param name="item">With what.</param>
    /// <param name="takenUp">Whether a former process may have done it already.</param>
    /// <param name="cancellationToken">Ends the wait, not what was begun.</param>
    public Task<ItemResult> RunAsync(OperationRow order, OperationItem item, bool takenUp, CancellationToken cancellationToken)
    {
        var actor = new Actor(order.StartedBy, order.StartedById);
        return order.Kind switch
        {
            OperationKind.RestartTasks => tasks.RestartAsync(item.TargetId, actor, takenUp, cancellationToken),
            OperationKind.PauseTasks => tasks.PauseAsync(item.TargetId, actor, cancellationToken),
            OperationKind.ResumeTasks => tasks.ResumeAsync(item.TargetId, actor, cancellationToken),
            OperationKind.DeleteTasks => tasks.DeleteAsync(item.TargetId, actor, cancellationToken),
            OperationKind.TestConnections => connections.TestAsync(item.TargetId, actor, cancellationToken),
            OperationKind.RetryDeadLetters => deadLetters.RunAsync(order, item.TargetId, actor, cancellationToken),
            OperationKind.DisconnectClients => clients.DisconnectAsync(item.TargetId, actor, takenUp, cancellationToken),
            OperationKind.DeleteSessions => clients.DeleteSessionAsync(item.TargetId, actor, takenUp, cancellationToken),
            _ => connections.DeleteAsync(item.TargetId, actor, cancellationToken),
        };
    }
}
