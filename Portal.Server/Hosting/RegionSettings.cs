using System.Text.RegularExpressions;

namespace Portal.Server.Hosting;

/// <summary>The regions of the settings: <c>Regions:gz=Guangzhou</c>.</summary>
internal static partial class RegionSettings
{
    private const string Section = "Regions";
    private const int LongestName = 64;

    /// <summary>Code and name of each; one that has no name is called by its code.</summary>
    public static IReadOnlyList<(string Code, string Name)> Read(IConfiguration settings) =>
        settings.GetSection(Section).GetChildren().Select(region => (region.Key, region.Value is { Length: > 0 } name ? name : region.Key)).ToList() is { Count: > 0 } regions
            ? regions
            : [("local", "Local")];

    /// <summary>What is wrong with them; a list of codes among it, which would be taken for no region at all.</summary>
    public static IEnumerable<string> Errors(IConfiguration settings)
    {
        var section = settings.GetSection(Section);
        if (section.Value is { Length: > 0 } text)
        {
            yield return $"{Section} is '{text}', but each region is a setting of its own, code and name: {Section}:gz=Guangzhou.";
        }

        foreach (var region in section.GetChildren())
        {
            if (!Code().IsMatch(region.Key))
            {
                yield return $"{region.Path} is no region: its code starts with a letter, then letters, digits, \"-\" and \"_\", at most 32.";
            }
            else if (region.GetChildren().Any())
            {
                yield return $"{region.Path} has settings below it, but a region has only a name: {Section}:gz=Guangzhou.";
            }
            else if (region.Value is { Length: > LongestName })
            {
                yield return $"{region.Path} is a name of {region.Value.Length} characters; it may have {LongestName}.";
            }
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,31}$")]
    private static partial Regex Code();
}
