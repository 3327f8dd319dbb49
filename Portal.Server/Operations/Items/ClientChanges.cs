using Portal.Client.Contracts;
using Portal.Engine.Specs;
using Portal.Server.Security;

namespace Portal.Server.Operations.Items;

/// <summary>Disconnects one client, with or without its session, through the same service as a click would.</summary>
internal sealed class ClientChanges(IServiceScopeFactory scopes)
{
    public Task<ItemResult> DisconnectAsync(string clientId, Actor actor, bool takenUp, CancellationToken cancellationToken) =>
        RunAsync(actor, takenUp, tasks => tasks.DisconnectClientAsync(PipelineSpec.IdOf(clientId), clientId, cancellationToken));

    public Task<ItemResult> DeleteSessionAsync(string clientId, Actor actor, bool takenUp, CancellationToken cancellationToken) =>
        RunAsync(actor, takenUp, tasks => tasks.DeleteSessionAsync(PipelineSpec.IdOf(clientId), clientId, cancellationToken));

    private async Task<ItemResult> RunAsync(Actor actor, bool takenUp, Func<IConnectorTaskService, Task<CommandResult>> command)
    {
        if (takenUp)
        {
            // The restart of the server has disconnected it anyway; whether its session was deleted before, nobody knows any more.
            return new ItemResult(OperationState.Cancelled, "The server was restarted in the middle of it, which disconnected the client too. Order it again if it is still wanted.");
        }

        await using var scope = scopes.CreateScopeOf(actor);
        var result = await command(scope.ServiceProvider.GetRequiredService<IConnectorTaskService>());
        return result.IsAccepted ? new ItemResult(OperationState.Succeeded, null) : new ItemResult(OperationState.Failed, result.Text);
    }
}
