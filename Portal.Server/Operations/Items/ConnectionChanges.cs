using Portal.Client.Contracts;
using Portal.Server.Connections.Probing;
using Portal.Server.Security;

namespace Portal.Server.Operations.Items;

/// <summary>Tests or deletes one connection through the same service as a click would.</summary>
internal sealed class ConnectionChanges(IServiceScopeFactory scopes)
{
    public async Task<ItemResult> TestAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateScopeOf(actor);
        ValidationReport? last = null;
        await foreach (var report in scope.ServiceProvider.GetRequiredService<IConnectionService>().TestAsync(id, cancellationToken))
        {
            last = report;
        }

        return last switch
        {
            { Finished: true, Passed: true } => new ItemResult(OperationState.Succeeded, null),
            { } failed => new ItemResult(OperationState.Failed, ProbeReports.Cause(failed) ?? "The test did not come to an end."),
            null => new ItemResult(OperationState.Failed, "The test did not begin."),
        };
    }

    public async Task<ItemResult> DeleteAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateScopeOf(actor);
        var connections = scope.ServiceProvider.GetRequiredService<IConnectionService>();
        if (await connections.FindAsync(id, cancellationToken) is not { } view)
        {
            return new ItemResult(OperationState.Succeeded, null);
        }

        var result = await connections.DeleteAsync(id, view.Revision, cancellationToken);
        return result.IsAccepted ? new ItemResult(OperationState.Succeeded, null) : new ItemResult(OperationState.Failed, result.Text);
    }
}
