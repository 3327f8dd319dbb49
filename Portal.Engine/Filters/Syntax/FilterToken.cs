namespace Portal.Engine.Filters.Syntax;

/// <summary>The kinds of <see cref="FilterToken"/>.</summary>
internal enum FilterTokenKind
{
    /// <summary>A word: keyword, function or name.</summary>
    Word,

    /// <summary>A name in double quotes or backticks.</summary>
    QuotedName,

    /// <summary>A text in single quotes.</summary>
    Text,

    /// <summary>A number without sign.</summary>
    Number,

    /// <summary><c>payload</c> with its path.</summary>
    Payload,

    /// <summary>An operator, a parenthesis or a comma.</summary>
    Symbol,

    /// <summary>Behind the last character.</summary>
    End,
}

/// <summary>One word of a filter.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Position">Where it begins.</param>
/// <param name="Length">How long it is in the filter.</param>
/// <param name="Value">What it says, without quotes.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, int Position, int Length, string Value)
{
    public bool IsSymbol(string symbol) => Kind == FilterTokenKind.Symbol && Value == symbol;

    public bool IsWord(string word) => Kind == FilterTokenKind.Word && Value.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>For messages: what was found.</summary>
    public override string ToString() => Kind switch
    {
        FilterTokenKind.End => "the end",
        FilterTokenKind.Text => $"'{Value}'",
        _ => Value,
    };
}
