using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Components.Texts;
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
        reviewed => bulk.RunTasksAsync(action, reviewed, CancellationToken.None));

    /// <summary>Acts on connections. Returns whether it was ordered.</summary>
    public Task<bool> RunConnectionsAsync(BulkAction action, BulkSelection selection) => RunAsync(
        action,
        "connection",
        () => bulk.ReviewConnectionsAsync(action, selection, CancellationToken.None),
        reviewed => bulk.RunConnectionsAsync(action, reviewed, CancellationToken.None));

    /// <summary>Acts on clients. Returns whether it was ordered.</summary>
    public Task<bool> RunClientsAsync(BulkAction action, BulkSelection selection) => RunAsync(
        action,
        "client",
        () => bulk.ReviewClientsAsync(action, selection, CancellationToken.None),
        reviewed => bulk.RunClientsAsync(action, reviewed, CancellationToken.None));

    private async Task<bool> RunAsync(BulkAction action, string noun, Func<Task<BulkReview>> review, Func<BulkSelection, Task<CommandResult>> run)
    {
        var parameters = new DialogParameters<BulkReviewDialog>
        {
            { dialog => dialog.Action, action },
            { dialog => dialog.Noun, noun },
            { dialog => dialog.Review, review },
        };
        var dialog = await dialogs.ShowAsync<BulkReviewDialog>(null, parameters);
        // Those that were reviewed, also where a filter chose them: what matches only since then was agreed to by nobody.
        return await dialog.Result is { Data: BulkReview reviewed }
            && notices.Show(await run(BulkSelection.Of(reviewed.Ids)), $"{BulkWords.Verb(action)}: {noun}s", $"{BulkWords.Verb(action)}: {Numbers.Plural(reviewed.Ids.Count, noun)} ordered");
    }
}
