using Portal.Client.Contracts;

namespace Portal.Server.Clusters.Rules;

/// <summary>The rules that every registered thing shares. All that is wrong is collected; nothing is thrown.</summary>
internal static class FieldRules
{
    public const int LongestName = 128;
    public const int LongestDescription = 128;

    public static void CheckName(this List<FieldError> errors, string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            errors.Add(new FieldError("Name", "Give it a name, 1 to 128 characters."));
        }
        else if (name.Length > LongestName)
        {
            errors.Add(new FieldError("Name", $"The name has {name.Length} characters; at most {LongestName} are possible."));
        }
        else if (name != name.Trim() || name.Any(char.IsControl))
        {
            errors.Add(new FieldError(
                "Name", "The name must not begin or end with a space, nor contain line breaks or other control characters."));
        }
    }

    public static void CheckDescription(this List<FieldError> errors, string description)
    {
        if (description.Length > LongestDescription)
        {
            errors.Add(new FieldError(
                "Description", $"The description has {description.Length} characters; at most {LongestDescription} are possible."));
        }
    }

    public static void CheckRegion(this List<FieldError> errors, string region, IReadOnlyCollection<string> known)
    {
        if (!known.Contains(region))
        {
            errors.Add(new FieldError("Region", region.Length == 0
                ? "Choose a region."
                : $"There is no region {region}. Choose one of {string.Join(", ", known)}, or add it to the setting Regions."));
        }
    }
}
