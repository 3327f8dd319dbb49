using Microsoft.JSInterop;

namespace Portal.Client.Live;

/// <summary>One live figure of a page.</summary>
/// <param name="Key">The <c>data-cell</c> of its element.</param>
/// <param name="Text">The new text, or null to leave it.</param>
/// <param name="Point">The new value of the sparkline of the same key, or null to leave it.</param>
public readonly record struct Cell(string Key, string? Text, double? Point = null);

/// <summary>
/// Sends live figures past the renderer: one interop call for all that changed. Rendering a list of fifty rows again costs five times the
/// processor and ten times the bytes. The elements stay Blazor's: the script changes their text node and never replaces it.
/// </summary>
public sealed class CellPatch(IJSRuntime browser)
{
    private readonly Dictionary<string, Cell> _sent = [];

    /// <summary>Sends the cells that differ from what was sent last under their key; nothing when none does.</summary>
    public async ValueTask ApplyAsync(IEnumerable<Cell> cells)
    {
        var changed = new List<object?[]>();
        foreach (var cell in cells)
        {
            // A point is a new measurement even when it equals the last.
            if (cell.Point is null && _sent.TryGetValue(cell.Key, out var last) && last == cell)
            {
                continue;
            }

            _sent[cell.Key] = cell;
            changed.Add(cell.Point is { } point ? [cell.Key, cell.Text, Math.Round(point, 2)] : [cell.Key, cell.Text]);
        }

        if (changed.Count > 0)
        {
            await browser.InvokeVoidAsync("portal.patch", changed);
        }
    }

    /// <summary>Forgets what was sent: after a rendering the elements hold what was rendered.</summary>
    public void Forget() => _sent.Clear();
}
