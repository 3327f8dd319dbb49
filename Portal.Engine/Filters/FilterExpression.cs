using System.Diagnostics.CodeAnalysis;
using Portal.Engine.Filters.Nodes;
using Portal.Engine.Filters.Payloads;
using Portal.Engine.Filters.Syntax;
using Portal.Engine.Sources;
using Portal.Engine.Specs;

namespace Portal.Engine.Filters;

/// <summary>
/// The condition of a SQL WHERE: <c>region = 'gz' AND payload.temp &gt; 30</c>. A message for which it is not true, that is false or unknown,
/// is filtered.
/// </summary>
/// <remarks>
/// Names: a user property (of duplicates the last), <c>payload.a.b[0]['c d']</c>, <c>topic</c>, <c>clientid</c> (of the publisher), <c>qos</c>,
/// <c>retained</c>. <c>"in double quotes"</c> or backticks any name is a user property. What a message does not have is NULL; logic has three
/// values as in SQL. Keywords and functions are not case-sensitive, names and texts are.
/// <para>
/// Comparing: texts by their code points; numbers by value, whole ones exactly up to 64 bits; a text with a number is read as a number,
/// and with a truth value as <c>true</c> or <c>false</c>; if it is neither the result is NULL. A truth value counts as 1 or 0 beside a number. User properties,
/// topic and clientid are texts. An object or a list of the payload is the text as it stands there.
/// </para>
/// Immutable, safe to be used by several threads at once. Allocates nothing in the steady state.
/// </remarks>
public sealed class FilterExpression
{
    private readonly FilterNode _condition;
    private readonly PayloadPaths _paths;

    private FilterExpression(string text, FilterNode condition, PayloadPaths paths, IReadOnlyList<FilterName> names)
    {
        Text = text;
        Properties = names;
        _condition = condition;
        _paths = paths;
    }

    /// <summary>The longest text that is taken, in characters.</summary>
    public const int MaxLength = 10_000;

    /// <summary>How deeply parentheses, NOT, CASE and functions may be nested.</summary>
    public const int MaxDepth = 100;

    /// <summary>The filter as it was written.</summary>
    public string Text { get; }

    /// <summary>The user properties that it names, in the order of the text, repeated ones too.</summary>
    public IReadOnlyList<FilterName> Properties { get; }

    /// <summary>Reads a filter, with or without a leading WHERE; without success says what is wrong where: each error is one of its own, as far as they can be told apart.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FilterExpression? expression, out IReadOnlyList<SyntaxError> errors)
    {
        var paths = new PayloadPaths();
        var parser = new FilterParser(text, paths);
        var condition = parser.Parse();
        expression = condition is null ? null : new FilterExpression(text, condition, paths, parser.Names);
        errors = parser.Errors;
        return expression is not null;
    }

    /// <summary>Whether the condition is true for a message.</summary>
    public bool Matches(in InboundMessage message)
    {
        var context = new FilterContext(message, _paths);
        return _condition.Test(ref context) == true;
    }
}
