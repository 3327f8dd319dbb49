using Portal.Client.Components.Lists;

namespace Portal.Client.Layout;

/// <summary>
/// The region chosen in the top bar. On a list the address decides; elsewhere the last choice is remembered for the next list.
/// </summary>
public sealed class RegionState
{
    private static readonly string[] Lists = ["", "/tasks", "/dead-letters", "/connections", "/clients", "/clusters"];

    /// <summary>The code of the region, or null for all.</summary>
    public string? Current { get; private set; }

    /// <summary>Raised when it changed.</summary>
    public event Action? Changed;

    /// <summary>Whether the address is one of a list, whose region stands in the address.</summary>
    public static bool IsList(Uri address) => Lists.Contains(address.AbsolutePath.TrimEnd('/'), StringComparer.OrdinalIgnoreCase);

    /// <summary>The address of a list in the chosen region.</summary>
    public string Link(string path) => ListUrlState.Format(path, new() { Region = Current });

    /// <summary>Takes a choice, or what an address says.</summary>
    public void Set(string? region)
    {
        if (Current != region)
        {
            Current = region;
            Changed?.Invoke();
        }
    }
}
