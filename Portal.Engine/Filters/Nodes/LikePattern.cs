using System.Text;

namespace Portal.Engine.Filters.Nodes;

/// <summary>A LIKE pattern: <c>%</c> for any number of characters, <c>_</c> for one character, all else for itself.</summary>
internal sealed class LikePattern
{
    private const short Any = -1;
    private const short One = -2;
    private readonly short[] _steps;

    /// <param name="pattern">The pattern.</param>
    /// <param name="escape">Takes the meaning from a <c>%</c>, <c>_</c> or itself behind it; null for none.</param>
    public LikePattern(string pattern, char? escape)
    {
        var steps = new List<short>();
        var literal = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == escape && i + 1 < pattern.Length)
            {
                literal.Append(pattern[++i]);
            }
            else if (c is '%' or '_')
            {
                AddLiteral();
                steps.Add(c == '%' ? Any : One);
            }
            else
            {
                literal.Append(c);
            }
        }

        AddLiteral();
        _steps = [.. steps];

        void AddLiteral()
        {
            steps.AddRange(Encoding.UTF8.GetBytes(literal.ToString()).Select(value => (short)value));
            literal.Clear();
        }
    }

    /// <summary>Whether the last character of a pattern is an escape with nothing behind it.</summary>
    public static bool EndsInEscape(string pattern, char escape)
    {
        var escaped = false;
        foreach (var c in pattern)
        {
            escaped = c == escape && !escaped;
        }

        return escaped;
    }

    /// <summary>Whether the whole text fits. Goes back to the last % only, so it never takes longer than text times pattern.</summary>
    public bool Matches(ReadOnlySpan<byte> text)
    {
        var at = 0;
        var step = 0;
        var retryStep = -1;
        var retryAt = 0;
        while (at < text.Length)
        {
            var wanted = step < _steps.Length ? _steps[step] : (short)0;
            if (wanted == Any)
            {
                retryStep = ++step;
                retryAt = at;
            }
            else if (step < _steps.Length && (wanted == One || wanted == text[at]))
            {
                at = wanted == One ? NextCharacter(text, at) : at + 1;
                step++;
            }
            else if (retryStep >= 0)
            {
                step = retryStep;
                at = retryAt = NextCharacter(text, retryAt);
            }
            else
            {
                return false;
            }
        }

        return _steps.AsSpan(step).IndexOfAnyExcept(Any) < 0;
    }

    private static int NextCharacter(ReadOnlySpan<byte> text, int at)
    {
        do
        {
            at++;
        }
        while (at < text.Length && (text[at] & 0xC0) == 0x80);
        return at;
    }
}
