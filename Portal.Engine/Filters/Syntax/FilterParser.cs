using Portal.Engine.Filters.Nodes;
using Portal.Engine.Filters.Payloads;
using Portal.Engine.Specs;

namespace Portal.Engine.Filters.Syntax;

/// <summary>
/// Builds the nodes of a filter by recursive descent: OR, AND, NOT, then one comparison, IS, LIKE or IN between values. An error ends its
/// condition; behind the next AND or OR reading begins anew, so that a person is told of all errors at once.
/// </summary>
/// <remarks>It does not begin anew inside of a function, a list or CASE, nor behind a character that is no word: what follows there would be reproached for the error before.</remarks>
internal sealed partial class FilterParser(string text, PayloadPaths paths)
{
    private static readonly Dictionary<string, ComparisonOperator> Comparisons = new()
    {
        ["="] = ComparisonOperator.Equal,
        ["!="] = ComparisonOperator.NotEqual,
        ["<>"] = ComparisonOperator.NotEqual,
        ["<"] = ComparisonOperator.Less,
        ["<="] = ComparisonOperator.LessOrEqual,
        [">"] = ComparisonOperator.Greater,
        [">="] = ComparisonOperator.GreaterOrEqual,
    };

    private readonly FilterLexer _lexer = new(text);
    private FilterToken _current;
    private int _end;
    private int _depth;
    private int _open;
    private int _inner;
    private bool _isLexed;

    /// <summary>What is wrong, in the order of the text.</summary>
    public List<SyntaxError> Errors { get; } = [];

    /// <summary>The user properties that are named, in the order of the text.</summary>
    public List<FilterName> Names { get; } = [];

    /// <returns>The condition, or null when there are errors.</returns>
    public FilterNode? Parse()
    {
        if (text.Length > FilterExpression.MaxLength)
        {
            Errors.Add(new SyntaxError(
                FilterExpression.MaxLength, text.Length - FilterExpression.MaxLength, $"A filter has at most {FilterExpression.MaxLength} characters."));
            return null;
        }

        FilterNode? condition = null;
        var isDone = Try(() => condition = First());
        while (!isDone && SkipToConnective())
        {
            isDone = Try(Rest);
        }

        return Errors.Count == 0 ? condition : null;
    }

    private bool Try(Action parse)
    {
        try
        {
            parse();
            return true;
        }
        catch (FilterSyntaxException exception)
        {
            Errors.Add(exception.Error);
            return false;
        }
    }

    private FilterNode First()
    {
        Advance();
        TryWord("where");
        var condition = Condition(Either);
        End();
        return condition;
    }

    /// <summary>What stands behind an error. Parentheses that were open there are closed here.</summary>
    private void Rest()
    {
        _depth = 0;
        do
        {
            Condition(Either);
            while (_open > 0 && TrySymbol(")"))
            {
                _open--;
            }
        }
        while (TryWord("and") || TryWord("or"));
        End();
    }

    private bool SkipToConnective()
    {
        if (_inner > 0 || !_isLexed)
        {
            return false;
        }

        try
        {
            while (_current.Kind != FilterTokenKind.End)
            {
                if (TryWord("and") || TryWord("or"))
                {
                    return true;
                }

                _open = Math.Max(0, _open + (_current.IsSymbol("(") ? 1 : _current.IsSymbol(")") ? -1 : 0));
                Advance();
            }
        }
        catch (FilterSyntaxException)
        {
            // What was skipped is wrong itself; the error before it has to be mended first.
        }

        return false;
    }

    private void End()
    {
        if (_current.Kind != FilterTokenKind.End)
        {
            throw Wrong(_current.IsSymbol(")") ? "This ) closes nothing." : $"Expected AND, OR or the end here, found {_current}.");
        }

        if (_open > 0)
        {
            Symbol(")");
        }
    }

    private FilterNode Either() => Chain("or", Both, conditions => new Or(conditions));

    private FilterNode Both() => Chain("and", Negation, conditions => new And(conditions));

    /// <summary>Takes the operands of one chain into a list, so that a long filter is not a deep one.</summary>
    private FilterNode Chain(string word, Func<FilterNode> next, Func<FilterNode[], FilterNode> join)
    {
        var start = _current.Position;
        var first = next();
        if (!_current.IsWord(word))
        {
            return first;
        }

        var conditions = new List<FilterNode> { Required(first, start) };
        while (TryWord(word))
        {
            conditions.Add(Condition(next));
        }

        return join([.. conditions]);
    }

    private FilterNode Negation()
    {
        if (!TryWord("not"))
        {
            return Predicate();
        }

        Enter();
        var condition = Condition(Negation);
        _depth--;
        return new Not(condition);
    }

    private FilterNode Predicate()
    {
        var start = _current.Position;
        var left = Operand();
        if (_current.Kind == FilterTokenKind.Symbol && Comparisons.TryGetValue(_current.Value, out var comparison))
        {
            var symbol = _current;
            Advance();
            var right = Operand();
            return left is TruthLiteral { IsNull: true } || right is TruthLiteral { IsNull: true }
                ? throw new FilterSyntaxException(symbol.Position, _end - symbol.Position, "A comparison with NULL is never true. Write IS NULL or IS NOT NULL.")
                : new Comparison(left, comparison, right);
        }

        if (TryWord("is"))
        {
            var negated = TryWord("not");
            Word("null");
            return Negate(new IsNull(left), negated);
        }

        var isNot = TryWord("not");
        if (TryWord("like"))
        {
            return Negate(new Like(left, Pattern()), isNot);
        }

        if (TryWord("in"))
        {
            return Negate(new In(left, List()), isNot);
        }

        return isNot ? throw Wrong($"Expected LIKE or IN after NOT, found {_current}.") : Kept(left, start);
    }

    /// <summary>A value alone is left to the caller, unless what follows shows that an operator is missing.</summary>
    private FilterNode Kept(FilterNode value, int start) =>
        !value.IsCondition && _current.Kind is not (FilterTokenKind.End or FilterTokenKind.Symbol) && !IsKeyword(_current)
            ? throw Wrong($"Expected an operator such as = or LIKE after {text[start.._end]}, found {_current}.")
            : value;

    private LikePattern Pattern()
    {
        var pattern = Text("LIKE needs a pattern in single quotes, for example 'room-%'");
        if (!TryWord("escape"))
        {
            return new LikePattern(pattern.Value, null);
        }

        var escape = Text("ESCAPE needs one character in single quotes");
        if (escape.Value.Length != 1)
        {
            throw new FilterSyntaxException(escape.Position, escape.Length, "ESCAPE needs exactly one character.");
        }

        return LikePattern.EndsInEscape(pattern.Value, escape.Value[0])
            ? throw new FilterSyntaxException(pattern.Position, pattern.Length, $"The pattern ends in its escape character {escape.Value}. Write it twice to mean itself.")
            : new LikePattern(pattern.Value, escape.Value[0]);
    }

    private FilterToken Text(string needed)
    {
        var token = _current;
        if (token.Kind != FilterTokenKind.Text)
        {
            throw Wrong($"{needed}, found {token}.");
        }

        Advance();
        return token;
    }

    private FilterNode[] List()
    {
        _inner++;
        Symbol("(");
        var items = new List<FilterNode>();
        do
        {
            items.Add(Operand());
        }
        while (TrySymbol(","));
        Symbol(")");
        _inner--;
        return [.. items];
    }

    private static ConditionNode Negate(ConditionNode condition, bool negated) => negated ? new Not(condition) : condition;

    private FilterNode Condition(Func<FilterNode> parse)
    {
        var start = _current.Position;
        return Required(parse(), start);
    }

    private FilterNode Required(FilterNode node, int start) => node.IsCondition
        ? node
        : throw new FilterSyntaxException(
            start, _end - start, $"{text[start.._end]} is a value, not a condition. Compare it with something, for example {text[start.._end]} = 'x'.");

    private void Enter()
    {
        if (++_depth > FilterExpression.MaxDepth)
        {
            throw Wrong($"A filter is nested at most {FilterExpression.MaxDepth} levels deep.");
        }
    }

    private bool TryWord(string word)
    {
        var found = _current.IsWord(word);
        if (found)
        {
            Advance();
        }

        return found;
    }

    private void Word(string word)
    {
        if (!TryWord(word))
        {
            throw Wrong($"Expected {word.ToUpperInvariant()} here, found {_current}.");
        }
    }

    private bool TrySymbol(string symbol)
    {
        var found = _current.IsSymbol(symbol);
        if (found)
        {
            Advance();
        }

        return found;
    }

    private void Symbol(string symbol)
    {
        if (!TrySymbol(symbol))
        {
            throw Wrong($"Expected {symbol} here, found {_current}.");
        }
    }

    private void Advance()
    {
        _isLexed = false;
        _end = _current.Position + _current.Length;
        _current = _lexer.Next();
        _isLexed = true;
    }

    private FilterSyntaxException Wrong(string what) => new(_current.Position, _current.Length, what);
}
