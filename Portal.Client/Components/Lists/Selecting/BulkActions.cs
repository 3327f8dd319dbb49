using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Contracts;

namespace Portal.Client.Components.Lists.Selecting;

/// <summary>Actions on what is selected in a list: shows what would happen, orders it, and shows the operation that carries it out.</summary>
public sealed class BulkActions(IBulkService bulk, IDialogService dialogs, Notices notices)
{
    /// <summary>Acts on tasks. Returns whether it was ordered.</summary>
    public Task<bool> RunTasksAsync(BulkAction action, BulkSelection selection) => RunAsync(
        action,
        "task",
        () => bulk.ReviewTasksAsync(action, selection, CancellationToken.None),
        () => bulk.RunTasksAsync(action, selection, CancellationToken.None));

    /// <summary>Acts on connections. Returns whether it was ordered.</summary>
    public Task<bool> RunConnectionsAsync(BulkAction action, BulkSelection selection) => RunAsync(
        action,
        "connection",
        () => bulk.ReviewConnectionsAsync(action, selection, CancellationToken.None),
        () => bulk.RunConnectionsAsync(action, selection, CancellationToken.None));

    private async Task<bool> RunAsync(BulkAction action, string noun, Func<Task<BulkReview>> review, Func<Task<CommandResult>> run)
    {
        var parameters = new DialogParameters<BulkReviewDialog>
        {
            { dialog => dialog.Action, action },
            { dialog => dialog.Noun, noun },
            { dialog => dialog.Review, review },
        };
        var dialog = await dialogs.ShowAsync<BulkReviewDialog>(null, parameters);
        return await dialog.Result is { Canceled: false } && notices.Show(await run(), $"{action} {noun}s", $"{action}: ordered");
    }
}
