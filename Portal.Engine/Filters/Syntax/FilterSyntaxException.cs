using Portal.Engine.Specs;

namespace Portal.Engine.Filters.Syntax;

/// <summary>Carries an error out of the recursion of the parser; never leaves <see cref="FilterExpression.TryParse"/>.</summary>
internal sealed class FilterSyntaxException(int position, int length, string text) : Exception(text)
{
    public SyntaxError Error { get; } = new(position, length, text);
}
