using System.Text;
using Portal.Engine.Mapping.Payloads;

namespace Portal.Engine.Filters.Syntax;

/// <summary>Takes a filter apart into tokens, one at a time.</summary>
internal sealed class FilterLexer(string text)
{
    private int _position;

    /// <summary>The steps of the path of the <see cref="FilterTokenKind.Payload"/> token that was read last.</summary>
    public IReadOnlyList<JsonStep> Steps { get; private set; } = [];

    /// <summary>Whether a word may hold this character.</summary>
    public static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c is '_' or '$';

    public FilterToken Next()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }

        if (_position == text.Length)
        {
            return new FilterToken(FilterTokenKind.End, _position, 0, "");
        }

        var c = text[_position];
        return c switch
        {
            '\'' => Quoted(FilterTokenKind.Text),
            '"' or '`' => Quoted(FilterTokenKind.QuotedName),
            >= '0' and <= '9' => Number(),
            '.' when _position + 1 < text.Length && char.IsAsciiDigit(text[_position + 1]) => Number(),
            _ when IsWordPart(c) => Word(),
            _ => Symbol(),
        };
    }

    private FilterToken Word()
    {
        var start = _position;
        Skip(IsWordPart);
        var word = text[start.._position];
        var next = _position < text.Length ? text[_position] : '\0';
        if (word.Equals("payload", StringComparison.OrdinalIgnoreCase) && next is '.' or '[')
        {
            if (!JsonPathParser.TrySteps(text, ref _position, IsWordPart, out var steps, out var error))
            {
                throw new FilterSyntaxException(error.Position, error.Length, error.Text);
            }

            Steps = steps;
            return Token(FilterTokenKind.Payload, start, text[start.._position]);
        }

        if (next is '.')
        {
            throw new FilterSyntaxException(
                start, _position + 1 - start, $"A name with a dot is put in double quotes; values of the payload begin with payload, as in payload.{word}.");
        }

        return Token(FilterTokenKind.Word, start, word);
    }

    private FilterToken Number()
    {
        var start = _position;
        Skip(char.IsAsciiDigit);
        if (_position < text.Length && text[_position] == '.')
        {
            _position++;
            Skip(char.IsAsciiDigit);
        }

        var mark = _position;
        if (_position < text.Length && text[_position] is 'e' or 'E')
        {
            _position++;
            if (_position < text.Length && text[_position] is '+' or '-')
            {
                _position++;
            }

            var digits = _position;
            Skip(char.IsAsciiDigit);
            _position = _position == digits ? mark : _position;
        }

        if (_position < text.Length && IsWordPart(text[_position]))
        {
            Skip(IsWordPart);
            throw new FilterSyntaxException(
                start, _position - start, $"{text[start.._position]} is neither a number nor a name; a name that begins with a digit is put in double quotes.");
        }

        return Token(FilterTokenKind.Number, start, text[start.._position]);
    }

    /// <summary>A quote inside is doubled.</summary>
    private FilterToken Quoted(FilterTokenKind kind)
    {
        var start = _position;
        var quote = text[_position++];
        var value = new StringBuilder();
        while (_position < text.Length)
        {
            var c = text[_position++];
            if (c != quote)
            {
                value.Append(c);
            }
            else if (_position < text.Length && text[_position] == quote)
            {
                value.Append(quote);
                _position++;
            }
            else
            {
                return Token(kind, start, value.ToString());
            }
        }

        throw new FilterSyntaxException(start, text.Length - start, $"This text has no closing {quote}.");
    }

    private FilterToken Symbol()
    {
        var two = text.AsSpan(_position, Math.Min(2, text.Length - _position));
        if (two is "!=" or "<>" or "<=" or ">=")
        {
            _position += 2;
            return Token(FilterTokenKind.Symbol, _position - 2, two.ToString());
        }

        if (two is "==" or "&&" or "||")
        {
            throw new FilterSyntaxException(_position, 2, $"SQL writes {(two is "==" ? "=" : two is "&&" ? "AND" : "OR")} instead of {two}.");
        }

        var c = text[_position];
        if (!"=<>(),+-".Contains(c))
        {
            throw new FilterSyntaxException(_position, 1, $"{c} has no meaning here. A text is put in single quotes, an unusual name in double quotes.");
        }

        _position++;
        return Token(FilterTokenKind.Symbol, _position - 1, c.ToString());
    }

    private void Skip(Func<char, bool> part)
    {
        while (_position < text.Length && part(text[_position]))
        {
            _position++;
        }
    }

    private FilterToken Token(FilterTokenKind kind, int start, string value) => new(kind, start, _position - start, value);
}
