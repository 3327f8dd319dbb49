using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Operations;

/// <summary>What pages and REST ask of operations.</summary>
internal sealed class OperationService(OperationStore store, RunOperations runner, ChangeGate gate, AuditTrail audit, TimeProvider time) : IOperationService
{
    private const string Cancelled = "Cancelled by a person.";
    private static readonly OperationState[] NotBegun = [OperationState.Waiting];

    public Task<ListPage<OperationView>> ListAsync(ListQuery query, CancellationToken cancellationToken)
    {
        var size = query.Size is 50 or 100 ? query.Size : 20;
        return store.PageAsync(Math.Max(query.Page, 1), size, cancellationToken);
    }

    public Task<OperationView?> FindAsync(string id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

    public Task<CommandResult> PauseAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        id,
        "pause",
        operation => operation.State is OperationState.Waiting or OperationState.Running ? null : "It is not under way; there is nothing to pause.",
        audited => store.ChangeAsync(id, (db, row, counts) =>
        {
            audited(db);
            // It may have ended meanwhile.
            if (row.EndedAt is null)
            {
                (row.State, row.Text) = (OperationState.Paused, $"Paused by a person with {counts.Waiting} left.");
            }
        }, cancellationToken),
        begins: false,
        cancellationToken);

    public Task<CommandResult> ContinueAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        id,
        "go on with",
        operation => operation.State == OperationState.Paused ? null : "It is not paused.",
        audited => store.ChangeAsync(id, (db, row, _) =>
        {
            audited(db);
            (row.State, row.Text, row.EndedAt) = (OperationState.Waiting, null, null);
        }, cancellationToken),
        begins: true,
        cancellationToken);

    public Task<CommandResult> RetryAsync(string id, CancellationToken cancellationToken) =>
        RetryAsync(id, "retry", OperationState.Failed, "No item has failed; there is nothing to retry.", cancellationToken);

    public Task<CommandResult> RetryCancelledAsync(string id, CancellationToken cancellationToken) =>
        RetryAsync(id, "retry cancelled items of", OperationState.Cancelled, "No item was cancelled; there is nothing to revive.", cancellationToken);

    public Task<CommandResult> CancelAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        id,
        "cancel",
        operation => operation.State is OperationState.Waiting or OperationState.Running or OperationState.Paused
            ? null
            : "It has ended already; there is nothing to cancel.",
        audited => store.ChangeItemsAsync(id, NotBegun, OperationState.Cancelled, "Given up by a person.", (db, row) =>
        {
            audited(db);
            // An item under way is finished; the runner ends the operation after it.
            row.Text = Cancelled;
            if (row.State == OperationState.Paused)
            {
                (row.State, row.EndedAt) = (OperationState.Cancelled, time.GetUtcNow());
            }
        }, cancellationToken),
        begins: false,
        cancellationToken);

    /// <summary>Whether a person gave it up, also while its last item is still under way: its words say so, in the database too.</summary>
    public static bool IsCancelled(OperationRow row) => row.Text == Cancelled;

    private Task<CommandResult> RetryAsync(string id, string action, OperationState from, string nothing, CancellationToken cancellationToken) => ChangeAsync(
        id,
        action,
        operation => operation switch
        {
            { State: OperationState.Waiting or OperationState.Running } => "It is still under way. Wait for its end, or cancel the rest first.",
            _ when operation.Counts.Of(from) == 0 => nothing,
            _ => null,
        },
        audited => store.ChangeItemsAsync(id, [from], OperationState.Waiting, null, (db, row) =>
        {
            audited(db);
            (row.State, row.Text, row.EndedAt) = (OperationState.Waiting, null, null);
        }, cancellationToken),
        begins: true,
        cancellationToken);

    private async Task<CommandResult> ChangeAsync(
        string id,
        string action,
        Func<OperationView, string?> refuse,
        Func<Action<PortalDb>, Task<OperationView?>> change,
        bool begins,
        CancellationToken cancellationToken)
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

        await change(db => audit.Add(db, actor, action, subject));
        if (begins)
        {
            runner.Begin(id);
        }

        return CommandResult.Accepted(id, operationId: id);
    }
}
