using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Operations;

/// <summary>What pages and REST ask of operations.</summary>
internal sealed class OperationService(OperationStore store, RunOperations runner, ChangeGate gate, AuditTrail audit, TimeProvider time) : IOperationService
{
    private const int MostListed = 200;

    public Task<IReadOnlyList<OperationView>> ListAsync(int count, CancellationToken cancellationToken) =>
        store.NewestAsync(Math.Clamp(count, 1, MostListed), cancellationToken);

    public Task<OperationView?> FindAsync(string id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

    public async Task<CommandResult> RetryAsync(string id, CancellationToken cancellationToken)
    {
        var result = await ChangeAsync(id, "retry", CanRetry, Retry, cancellationToken);
        if (result.IsAccepted)
        {
            runner.Begin(id);
        }

        return result;
    }

    public Task<CommandResult> CancelAsync(string id, CancellationToken cancellationToken) =>
        ChangeAsync(id, "cancel", CanCancel, Cancel, cancellationToken);

    private static string? CanRetry(OperationView operation) => operation switch
    {
        { State: OperationState.Waiting or OperationState.Running } => "It is still under way. Wait for its end, or cancel the rest first.",
        _ when operation.Items.All(item => item.State == OperationState.Succeeded) => "Every item has succeeded; there is nothing to retry.",
        _ => null,
    };

    private static void Retry(OperationRow row)
    {
        foreach (var item in row.Items.Where(item => item.State is OperationState.Failed or OperationState.Cancelled))
        {
            (item.State, item.Text, item.Took) = (OperationState.Waiting, null, null);
        }

        (row.State, row.Text, row.EndedAt) = (OperationState.Waiting, null, null);
    }

    private static string? CanCancel(OperationView operation) =>
        operation.State is OperationState.Waiting or OperationState.Running or OperationState.Paused ? null : "It has ended already; there is nothing to cancel.";

    private void Cancel(OperationRow row)
    {
        foreach (var item in row.Items.Where(item => item.State == OperationState.Waiting))
        {
            (item.State, item.Text) = (OperationState.Cancelled, "Given up by a person.");
        }

        // An item under way is finished; the runner ends the operation after it.
        row.Text = "Cancelled by a person.";
        if (row.State == OperationState.Paused)
        {
            (row.State, row.EndedAt) = (OperationState.Cancelled, time.GetUtcNow());
        }
    }

    private async Task<CommandResult> ChangeAsync(
        string id, string action, Func<OperationView, string?> refuse, Action<OperationRow> change, CancellationToken cancellationToken)
    {
        var operation = await store.FindAsync(id, cancellationToken);
        var subject = AuditSubject.Operation(id, operation?.Title ?? "");
        var (actor, refusal) = await gate.EnterAsync(action, subject, cancellationToken);
        if (refusal is not null || operation is null)
        {
            return refusal ?? CommandResult.Not(CommandOutcome.NotFound, "There is no such operation.");
        }

        if (refuse(operation) is { } text)
        {
            return CommandResult.Not(CommandOutcome.Refused, text);
        }

        await store.ChangeAsync(id, (db, row) =>
        {
            change(row);
            audit.Add(db, actor, action, subject);
        }, cancellationToken);
        return CommandResult.Accepted(id, operationId: id);
    }
}
