namespace Portal.Client.Components.Review;

/// <summary>A setting that changes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Before">What it was; null when it was not set.</param>
/// <param name="After">What it becomes; null when it is removed.</param>
public sealed record DiffLine(string Name, string? Before, string? After)
{
    private const string Dots = "••••••";

    /// <summary>A secret: that it changes is shown, its value never.</summary>
    public static DiffLine Secret(string name, bool stored, bool removed) =>
        new(name, stored ? Dots : null, removed ? null : stored ? $"{Dots} (changed)" : $"{Dots} (set)");

    /// <summary>The lines whose two sides differ.</summary>
    public static IReadOnlyList<DiffLine> Between(params (string Name, string? Before, string? After)[] settings) =>
    [
        .. settings.Select(setting => new DiffLine(setting.Name, Some(setting.Before), Some(setting.After)))
            .Where(line => line.Before != line.After),
    ];

    private static string? Some(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
