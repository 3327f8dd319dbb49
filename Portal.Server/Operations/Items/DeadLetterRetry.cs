using System.Text.Json;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Data.Entities;
using Portal.Server.DeadLetters;
using Portal.Server.Security;

namespace Portal.Server.Operations.Items;

/// <summary>Sends the dead letters of one task again, with the progress as the item's text.</summary>
internal sealed class DeadLetterRetry(IServiceScopeFactory scopes, OperationStore store)
{
    private static readonly OperationState[] UnderWay = [OperationState.Running];

    public async Task<ItemResult> RunAsync(OperationRow order, string taskId, Actor actor, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateScopeOf(actor);
        var services = scope.ServiceProvider;
        var (place, missing) = await services.GetRequiredService<DeadLetterPlaces>().FindAsync(taskId, cancellationToken);
        if (place is null)
        {
            return new ItemResult(OperationState.Failed, missing!.Text);
        }

        // The role may have been taken away since the order.
        var subject = AuditSubject.ConnectorTask(taskId, place.Task.Name);
        if ((await services.GetRequiredService<ChangeGate>().EnterAsync("retry", subject, cancellationToken)).Refusal is { } refusal)
        {
            return new ItemResult(OperationState.Failed, refusal.Text);
        }

        using var turn = services.GetRequiredService<ReplayTurns>().TryTake(taskId, $"operation {order.Id}, “{order.Title}”, by {order.StartedBy}", out var other);
        if (turn is null)
        {
            return new ItemResult(OperationState.Failed, ReplayTurns.Refusal(other!));
        }

        var filter = JsonSerializer.Deserialize<DeadLetterFilter>(order.Arguments!)!;
        var sum = await services.GetRequiredService<DeadLetterReplay>().RunAsync(
            place,
            filter,
            actor.Name,
            async so =>
            {
                await store.ChangeItemAsync(order.Id, 0, UnderWay, item => item with { Text = Words(so) }, onlyWhileRunning: true, CancellationToken.None);
                return await store.OrderAsync(order.Id, CancellationToken.None) is { State: OperationState.Running } row && !OperationService.IsCancelled(row);
            },
            cancellationToken);
        return sum switch
        {
            { IsStopped: true } when await store.OrderAsync(order.Id, CancellationToken.None) is { } row && OperationService.IsCancelled(row) =>
                new ItemResult(OperationState.Cancelled, $"{Words(sum)} Then it was given up by a person."),
            { IsStopped: true } => new ItemResult(OperationState.Waiting, $"{Words(sum)} It goes on with the rest."),
            { IsComplete: false } => new ItemResult(OperationState.Failed, $"{Words(sum)} Then it stopped: {sum.Why} Try it again to go on with the rest."),
            { Refused: > 0 } => new ItemResult(OperationState.Failed, $"{Words(sum)} They wait as before. {sum.Why}"),
            _ => new ItemResult(OperationState.Succeeded, Words(sum)),
        };
    }

    private static string Words(ReplaySum sum) => sum.Refused == 0 ? $"{sum.Sent} sent." : $"{sum.Sent} sent, {sum.Refused} refused again.";
}
