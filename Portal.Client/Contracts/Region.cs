using System.Text.Json.Serialization;

namespace Portal.Client.Contracts;

/// <summary>A region that resources belong to.</summary>
public sealed record Region(string Code, string Name)
{
    /// <summary>Name and code, for example <c>Guangzhou (gz)</c>; one word where they are the same.</summary>
    [JsonIgnore]
    public string Label => Name.Equals(Code, StringComparison.OrdinalIgnoreCase) ? Code : $"{Name} ({Code})";
}
