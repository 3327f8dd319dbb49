using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.Connections;

/// <summary>What can be done with a connection from its row and from its page.</summary>
public sealed class ConnectionActions(IConnectionService connections, IBulkService bulk, IDialogService dialogs, Confirmations confirmations, Notices notices)
{
    /// <summary>Tests the stored connection in a dialog; returns when that is closed.</summary>
    public async Task TestAsync(ConnectionView connection)
    {
        var parameters = new DialogParameters<ValidationDialog>
        {
            { dialog => dialog.Title, $"Test {connection.Name}" },
            { dialog => dialog.Run, cancellationToken => connections.TestAsync(connection.Id, cancellationToken) },
        };
        var dialog = await dialogs.ShowAsync<ValidationDialog>(null, parameters);
        await dialog.Result;
    }

    /// <summary>
    /// Orders a test of connections, each with what is stored of it; returns whether that was accepted. Nobody is asked: a test changes nothing.
    /// </summary>
    public async Task<bool> TestAsync(IReadOnlyList<string> ids)
    {
        var result = await bulk.RunConnectionsAsync(BulkAction.Test, BulkSelection.Of(ids), CancellationToken.None);
        return notices.Show(result, BulkWords.Order(BulkAction.Test, ids.Count, "connection"), $"Testing {Numbers.Plural(ids.Count, "connection")}");
    }

    /// <summary>Deletes a connection after its name was typed, or names the tasks that need it; true when it is gone.</summary>
    public async Task<bool> DeleteAsync(ConnectionView connection, CancellationToken cancellationToken)
    {
        var tasks = await connections.DependentTasksAsync(connection.Id, cancellationToken);
        if (tasks.Count > 0)
        {
            var parameters = new DialogParameters<InUseDialog>
            {
                { dialog => dialog.Name, connection.Name },
                { dialog => dialog.Tasks, tasks },
                { dialog => dialog.AllHref, $"/tasks?conn={connection.Id}" },
            };
            await (await dialogs.ShowAsync<InUseDialog>(null, parameters)).Result;
            return false;
        }

        var verb = $"Delete connection {connection.Name}";
        var sure = await confirmations.DestroyAsync(
            $"{verb}?", "Its user name and password are deleted with it. No task uses it. This cannot be undone.", verb, connection.Name);
        if (!sure)
        {
            return false;
        }

        var result = await connections.DeleteAsync(connection.Id, connection.Revision, cancellationToken);
        return notices.Show(result, verb, $"Connection {connection.Name} deleted");
    }
}
