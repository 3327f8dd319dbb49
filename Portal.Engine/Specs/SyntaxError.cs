namespace Portal.Engine.Specs;

/// <summary>One thing that is wrong in a filter, a template or a path.</summary>
/// <param name="Position">Where it begins, in characters from 0; the length of the text when something is missing at its end.</param>
/// <param name="Length">How many characters are meant; at least 1 unless it is the end.</param>
/// <param name="Text">What is wrong and what would be right, in words.</param>
public sealed record SyntaxError(int Position, int Length, string Text)
{
    /// <summary>The text with its position as people count, from 1.</summary>
    public override string ToString() => $"Position {Position + 1}: {Text}";
}
