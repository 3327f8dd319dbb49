using System.Buffers;
using System.Diagnostics;
using System.Text.Json;

namespace Portal.Engine.Mapping.Payloads;

/// <summary>
/// Walks over JSON like <see cref="Utf8JsonReader"/> set on a block that may not be the last, but ends at what is no JSON as it ends at a cut:
/// with false. The reader throws there, and with payloads that only look like JSON that cost more than everything else of a message together.
/// </summary>
/// <remarks>What it takes for JSON is what the reader takes for it, token by token, which a test holds one against the other for.</remarks>
internal ref struct JsonScanner(ReadOnlySpan<byte> text)
{
    private const int MostDepth = 64;

    // What ends a run of plain characters inside a string: a quote, a backslash, and control characters, which may not stand there.
    private static readonly SearchValues<byte> Special = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(i => (byte)i)]);

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;
    private int _depth;

    // A bit for each container around, the innermost lowest: whether it is an object.
    private ulong _objects;
    private bool _afterValue;

    /// <summary>What was read last.</summary>
    public JsonTokenType TokenType { get; private set; }

    /// <summary>Where that begins, strings at their quote.</summary>
    public int TokenStart { get; private set; }

    /// <summary>How far the text is read.</summary>
    public readonly int Consumed => _at;

    /// <summary>Whether a string or a name has escape sequences.</summary>
    public bool IsEscaped { get; private set; }

    private readonly bool IsInObject => _depth > 0 && (_objects & 1) != 0;

    /// <summary>Goes to the next token; false at the end, where the text is cut, and at what is no JSON. After false nothing more may be asked.</summary>
    public bool Read()
    {
        if (!SkipBlanks())
        {
            return false;
        }

        if (TokenType == JsonTokenType.PropertyName)
        {
            return ReadValue();
        }

        if (_depth == 0)
        {
            // One value and nothing behind it.
            return TokenType == JsonTokenType.None && ReadValue();
        }

        var next = _text[_at];
        if (next == (IsInObject ? (byte)'}' : (byte)']'))
        {
            // A comma right before it was taken together with the value that had to follow.
            return End();
        }

        if (_afterValue)
        {
            if (next != (byte)',')
            {
                return false;
            }

            _at++;
            if (!SkipBlanks())
            {
                return false;
            }
        }

        return IsInObject ? ReadName() : ReadValue();
    }

    /// <summary>Passes over the value that it stands on; false like <see cref="Read"/>.</summary>
    public bool TrySkip()
    {
        Debug.Assert(TokenType != JsonTokenType.PropertyName, "It stands on a value.");
        if (TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return true;
        }

        var around = _depth - 1;
        do
        {
            if (!Read())
            {
                return false;
            }
        }
        while (_depth > around);
        return true;
    }

    /// <summary>Whether the name that it stands on is this one.</summary>
    /// <param name="name">Unescaped.</param>
    /// <param name="equal">The answer.</param>
    /// <returns>False when the name cannot be told: it has half of a surrogate pair.</returns>
    public readonly bool TryNameEquals(ReadOnlySpan<byte> name, out bool equal)
    {
        var end = _text[TokenStart.._at].LastIndexOf((byte)'"');
        var written = _text.Slice(TokenStart + 1, end - 1);
        if (!IsEscaped)
        {
            equal = written.SequenceEqual(name);
            return true;
        }

        equal = false;
        if (JsonEscapes.HasHalfPair(written))
        {
            // The reader compares first what stands before the first escape, and need not look further where that differs.
            return !MayEqual(written, name);
        }

        var reader = new Utf8JsonReader(_text.Slice(TokenStart, end + 1));
        reader.Read();
        equal = reader.ValueTextEquals(name);
        return true;
    }

    private static bool MayEqual(ReadOnlySpan<byte> written, ReadOnlySpan<byte> name) =>
        written.Length >= name.Length && written.Length / 6 <= name.Length && name.StartsWith(written[..written.IndexOf((byte)'\\')]);

    private bool SkipBlanks()
    {
        while (_at < _text.Length)
        {
            if (_text[_at] is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return true;
            }

            _at++;
        }

        return false;
    }

    private bool ReadName()
    {
        if (_text[_at] != (byte)'"' || !ReadString() || !SkipBlanks() || _text[_at] != (byte)':')
        {
            return false;
        }

        _at++;
        TokenType = JsonTokenType.PropertyName;
        return true;
    }

    private bool ReadValue()
    {
        TokenStart = _at;
        IsEscaped = false;
        _afterValue = true;
        switch (_text[_at])
        {
            case (byte)'"':
                TokenType = JsonTokenType.String;
                return ReadString();
            case (byte)'{':
                return Begin(JsonTokenType.StartObject);
            case (byte)'[':
                return Begin(JsonTokenType.StartArray);
            case (byte)'t':
                return ReadLiteral(JsonTokenType.True, "true"u8);
            case (byte)'f':
                return ReadLiteral(JsonTokenType.False, "false"u8);
            case (byte)'n':
                return ReadLiteral(JsonTokenType.Null, "null"u8);
            default:
                TokenType = JsonTokenType.Number;
                return ReadNumber();
        }
    }

    private bool Begin(JsonTokenType type)
    {
        if (_depth == MostDepth)
        {
            return false;
        }

        _at++;
        _depth++;
        _objects = (_objects << 1) | (type == JsonTokenType.StartObject ? 1UL : 0);
        _afterValue = false;
        TokenType = type;
        return true;
    }

    private bool End()
    {
        TokenType = IsInObject ? JsonTokenType.EndObject : JsonTokenType.EndArray;
        TokenStart = _at++;
        _depth--;
        _objects >>= 1;
        _afterValue = true;
        return true;
    }

    private bool ReadLiteral(JsonTokenType type, ReadOnlySpan<byte> literal)
    {
        if (!_text[_at..].StartsWith(literal))
        {
            return false;
        }

        _at += literal.Length;
        TokenType = type;
        return true;
    }

    private bool ReadString()
    {
        TokenStart = _at++;
        IsEscaped = false;
        while (true)
        {
            var special = _text[_at..].IndexOfAny(Special);
            if (special < 0)
            {
                return false;
            }

            _at += special;
            switch (_text[_at])
            {
                case (byte)'"':
                    _at++;
                    return true;
                case (byte)'\\':
                    IsEscaped = true;
                    if (!SkipEscape())
                    {
                        return false;
                    }

                    break;
                default:
                    return false;
            }
        }
    }

    private bool SkipEscape()
    {
        if (_at + 1 >= _text.Length)
        {
            return false;
        }

        switch (_text[_at + 1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                _at += 2;
                return true;
            case (byte)'u' when _at + 6 <= _text.Length:
                for (var i = 2; i < 6; i++)
                {
                    if (!char.IsAsciiHexDigit((char)_text[_at + i]))
                    {
                        return false;
                    }
                }

                _at += 6;
                return true;
            default:
                return false;
        }
    }

    // What follows a number belongs to it: at the end of the text more digits may come.
    private bool ReadNumber()
    {
        if (_text[_at] == (byte)'-' && ++_at == _text.Length)
        {
            return false;
        }

        if (_text[_at] == (byte)'0')
        {
            _at++;
        }
        else if (!SkipDigits())
        {
            return false;
        }

        if (_at < _text.Length && _text[_at] == (byte)'.')
        {
            _at++;
            if (!SkipDigits())
            {
                return false;
            }
        }

        if (_at < _text.Length && _text[_at] is (byte)'e' or (byte)'E')
        {
            _at++;
            if (_at < _text.Length && _text[_at] is (byte)'+' or (byte)'-')
            {
                _at++;
            }

            if (!SkipDigits())
            {
                return false;
            }
        }

        // The slash, with which a comment would begin, is left to the next token, which refuses it.
        return _at < _text.Length && _text[_at] is (byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'/';
    }

    private bool SkipDigits()
    {
        var from = _at;
        while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at]))
        {
            _at++;
        }

        return _at > from;
    }
}
