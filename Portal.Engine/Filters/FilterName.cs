namespace Portal.Engine.Filters;

/// <summary>A user property that a filter names.</summary>
/// <param name="Name">The name of the property.</param>
/// <param name="Position">Where it begins in the filter, in characters from 0.</param>
/// <param name="Length">How many characters of the filter it takes, quotes included.</param>
public sealed record FilterName(string Name, int Position, int Length);
