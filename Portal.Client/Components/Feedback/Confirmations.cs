using MudBlazor;

namespace Portal.Client.Components.Feedback;

/// <summary>Asks before something is interrupted or destroyed. What can be undone is not asked about.</summary>
public sealed class Confirmations(IDialogService dialogs)
{
    private readonly HashSet<string> _asked = [];

    /// <summary>
    /// Asks before an interruption; the text names the consequence in numbers, the verb is the button: <c>Restart 14 tasks</c>.
    /// </summary>
    public Task<bool> InterruptAsync(string title, string text, string verb) => AskAsync(title, text, verb, null);

    /// <summary>Asks before a destruction; the name has to be typed, the verb is the button: <c>Delete connection gz-prod</c>.</summary>
    public Task<bool> DestroyAsync(string title, string text, string verb, string name) => AskAsync(title, text, verb, name);

    /// <summary>Tells that what was asked for would do nothing; the text names the cause and what to do instead. There is no button to do it all the same.</summary>
    public Task TellAsync(string title, string text) => AskAsync(title, text, null, null);

    // A second click and a key that is held down ask once: the first question counts, the others are answered no.
    private async Task<bool> AskAsync(string title, string text, string? verb, string? name)
    {
        if (!_asked.Add(title))
        {
            return false;
        }

        try
        {
            return await AskOnceAsync(title, text, verb, name);
        }
        finally
        {
            _asked.Remove(title);
        }
    }

    private async Task<bool> AskOnceAsync(string title, string text, string? verb, string? name)
    {
        var parameters = new DialogParameters<ConfirmDialog>
        {
            { dialog => dialog.Title, title },
            { dialog => dialog.Text, text },
            { dialog => dialog.Verb, verb },
            { dialog => dialog.Name, name },
        };
        var dialog = await dialogs.ShowAsync<ConfirmDialog>(title, parameters);
        return await dialog.Result is { Canceled: false };
    }
}
