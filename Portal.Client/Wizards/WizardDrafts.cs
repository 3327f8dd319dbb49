using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Components.Server.ProtectedBrowserStorage;
using Microsoft.JSInterop;

namespace Portal.Client.Wizards;

/// <summary>
/// Half-filled forms. In memory they survive a walk to another page and back; in the tab's session storage, encrypted by the server, they
/// survive a reload, a new circuit and a restart of the server. They end with the tab. Drafts with secrets do not belong here.
/// </summary>
public sealed class WizardDrafts(ProtectedSessionStorage storage)
{
    private readonly Dictionary<string, object> _kept = [];

    /// <summary>The draft kept under a name, or null. Not before the page is interactive: the storage is the browser's.</summary>
    public async Task<T?> FindAsync<T>(string name)
        where T : class
    {
        if (_kept.TryGetValue(name, out var kept))
        {
            return (T)kept;
        }

        try
        {
            var stored = await storage.GetAsync<T>(Key(name));
            return stored.Success ? stored.Value : null;
        }
        catch (Exception exception) when (exception is JsonException or CryptographicException or FormatException)
        {
            // Of another version, or encrypted by a server whose keys are gone: nobody can read it again.
            await storage.DeleteAsync(Key(name));
            return null;
        }
    }

    /// <summary>Keeps a draft in the place of the last one.</summary>
    public async Task KeepAsync<T>(string name, T draft)
        where T : class
    {
        _kept[name] = draft;
        try
        {
            await storage.SetAsync(Key(name), draft);
        }
        catch (JSDisconnectedException)
        {
            // The tab is gone, and with it the person whose draft this was.
        }
    }

    /// <summary>Forgets a draft.</summary>
    public async Task DropAsync(string name)
    {
        _kept.Remove(name);
        await storage.DeleteAsync(Key(name));
    }

    private static string Key(string name) => $"draft.{name}";
}
