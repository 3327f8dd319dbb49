using Portal.Engine.Filters.Nodes;
using Portal.Engine.Mapping.Headers;

namespace Portal.Engine.Filters.Syntax;

/// <summary>The values between which conditions stand: literals, names, functions, CASE, and whatever stands in parentheses.</summary>
internal sealed partial class FilterParser
{
    private static readonly string[] Keywords =
        ["where", "and", "or", "not", "in", "is", "null", "like", "escape", "case", "when", "then", "else", "end", "true", "false"];

    private static bool IsKeyword(FilterToken token) =>
        token.Kind == FilterTokenKind.Word && Keywords.Contains(token.Value, StringComparer.OrdinalIgnoreCase);

    private FilterNode Operand()
    {
        var token = _current;
        switch (token.Kind)
        {
            case FilterTokenKind.Text:
                Advance();
                return new TextLiteral(token.Value);
            case FilterTokenKind.Number:
                Advance();
                return new NumberLiteral(token.Value);
            case FilterTokenKind.QuotedName:
                Advance();
                return Property(token);
            case FilterTokenKind.Payload:
                var path = paths.Add(_lexer.Steps);
                Advance();
                return new PayloadName(path);
            case FilterTokenKind.Word:
                return WordOperand(token);
            case FilterTokenKind.Symbol when token.Value is "+" or "-":
                Advance();
                return Signed(token);
            case FilterTokenKind.Symbol when token.Value == "(":
                return Parenthesised();
            default:
                throw Wrong($"Expected a name, a text in single quotes or a number here, found {token}.");
        }
    }

    private NumberLiteral Signed(FilterToken sign)
    {
        var number = _current;
        if (number.Kind != FilterTokenKind.Number)
        {
            throw new FilterSyntaxException(sign.Position, sign.Length, $"Expected a number behind {sign}, found {number}. A filter does not calculate.");
        }

        Advance();
        return new NumberLiteral(sign.Value == "-" ? $"-{number.Value}" : number.Value);
    }

    private FilterNode Parenthesised()
    {
        Enter();
        _open++;
        Advance();
        var inside = Either();
        Symbol(")");
        _open--;
        _depth--;
        return inside;
    }

    private PropertyName Property(FilterToken token)
    {
        Names.Add(new FilterName(token.Value, token.Position, token.Length));
        return new PropertyName(token.Value);
    }

    private FilterNode WordOperand(FilterToken token)
    {
        Advance();
        var word = token.Value.ToLowerInvariant();
        switch (word)
        {
            case "null":
                return new TruthLiteral(null);
            case "true" or "false":
                return new TruthLiteral(word == "true");
            case "case":
                return CaseOperand();
            case "payload":
                throw new FilterSyntaxException(token.Position, token.Length, "payload needs a path into it, for example payload.temp.");
        }

        if (IsKeyword(token))
        {
            throw new FilterSyntaxException(token.Position, token.Length, $"Expected a value here, found the keyword {token}. A name like that is put in double quotes.");
        }

        if (_current.IsSymbol("("))
        {
            return Function(token, word);
        }

        return word switch
        {
            "topic" => new TopicName(),
            "clientid" => new PropertyName(System.Text.Encoding.UTF8.GetString(UserProperties.PublisherClientId)),
            "qos" => new QosName(),
            "retained" => new RetainedName(),
            _ => Property(token),
        };
    }

    private FilterNode Function(FilterToken name, string word)
    {
        Enter();
        _inner++;
        Advance();
        var arguments = new List<FilterNode>();
        if (!_current.IsSymbol(")"))
        {
            do
            {
                arguments.Add(Operand());
            }
            while (TrySymbol(","));
        }

        Symbol(")");
        _inner--;
        _depth--;
        return (word, arguments.Count) switch
        {
            ("upper", 1) => new ChangeCase(arguments[0], upper: true),
            ("lower", 1) => new ChangeCase(arguments[0], upper: false),
            ("length", 1) => new Length(arguments[0]),
            ("abs", 1) => new Abs(arguments[0]),
            ("coalesce", > 0) => new Coalesce([.. arguments]),
            ("upper" or "lower" or "length" or "abs", _) => throw Misused($"{name} takes exactly one value."),
            ("coalesce", _) => throw Misused($"{name} takes at least one value."),
            _ => throw Misused($"There is no function {name}. Known are UPPER, LOWER, LENGTH, ABS and COALESCE."),
        };

        FilterSyntaxException Misused(string what) => new(name.Position, _end - name.Position, what);
    }

    private Case CaseOperand()
    {
        Enter();
        _inner++;
        var branches = new List<(FilterNode, FilterNode)>();
        Word("when");
        do
        {
            var when = Condition(Either);
            Word("then");
            branches.Add((when, Operand()));
        }
        while (TryWord("when"));
        var otherwise = TryWord("else") ? Operand() : null;
        Word("end");
        _inner--;
        _depth--;
        return new Case([.. branches], otherwise);
    }
}
