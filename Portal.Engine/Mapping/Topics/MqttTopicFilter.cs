using System.Text;

namespace Portal.Engine.Mapping.Topics;

/// <summary>An MQTT topic filter (MQTT 5, section 4.7): levels between <c>/</c>, <c>+</c> for one whole level, <c>#</c> for the rest.</summary>
public sealed class MqttTopicFilter
{
    private const int MaxBytes = 65_535;
    private readonly byte[] _filter;

    /// <summary>A filter that <see cref="Check"/> finds nothing wrong with.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public MqttTopicFilter(string filter)
    {
        if (Check(filter) is { } error)
        {
            throw new ArgumentException(error, nameof(filter));
        }

        _filter = Encoding.UTF8.GetBytes(filter);
    }

    /// <summary>What is wrong with a filter, in words; null when nothing is.</summary>
    public static string? Check(string filter)
    {
        if (filter.Length == 0)
        {
            return "A topic filter is needed, for example factory/+/temperature.";
        }

        if (filter == "$share" || filter.StartsWith("$share/", StringComparison.Ordinal))
        {
            return "Leave out $share: the task's own group is put before the filter.";
        }

        if (filter.IndexOf('\0') is var zero and >= 0)
        {
            return $"A topic filter must not hold the zero character, found at position {zero + 1}.";
        }

        if (CheckUnicode(filter) is { } error)
        {
            return error;
        }

        var position = 0;
        foreach (var level in filter.Split('/'))
        {
            if (level.Length > 1 && level.AsSpan().IndexOfAny('+', '#') is var wildcard and >= 0)
            {
                return $"{level[wildcard]} stands for a whole level and must be alone between slashes; look at position {position + wildcard + 1}.";
            }

            if (level == "#" && position + 1 < filter.Length)
            {
                return $"# must be the last level; look at position {position + 1}.";
            }

            position += level.Length + 1;
        }

        return null;
    }

    /// <summary>Whether every topic that <paramref name="other"/> matches is also matched by <paramref name="filter"/>.</summary>
    public static bool Covers(string filter, string other) => Relation(filter, other, overlap: false);

    /// <summary>Whether some topic is matched by both: a broker may then deliver its messages once for each.</summary>
    public static bool Overlaps(string filter, string other) => Relation(filter, other, overlap: true);

    /// <summary>Whether the topic name, in UTF-8, is matched.</summary>
    public bool Matches(ReadOnlySpan<byte> topic)
    {
        ReadOnlySpan<byte> filter = _filter;
        if (filter[0] is (byte)'+' or (byte)'#' && topic is [(byte)'$', ..])
        {
            // A wildcard at the start does not reach topics such as $SYS (MQTT-4.7.2-1).
            return false;
        }

        while (true)
        {
            var level = NextLevel(ref filter, out var filterEnds);
            if (level is [(byte)'#'])
            {
                return true;
            }

            var name = NextLevel(ref topic, out var topicEnds);
            if (level is not [(byte)'+'] && !level.SequenceEqual(name))
            {
                return false;
            }

            if (topicEnds)
            {
                // The # also matches its parent: a/# matches a.
                return filterEnds || filter is [(byte)'#'];
            }

            if (filterEnds)
            {
                return false;
            }
        }
    }

    private static ReadOnlySpan<byte> NextLevel(ref ReadOnlySpan<byte> rest, out bool last)
    {
        var end = rest.IndexOf((byte)'/');
        last = end < 0;
        var level = last ? rest : rest[..end];
        rest = last ? default : rest[(end + 1)..];
        return level;
    }

    private static string? CheckUnicode(string filter)
    {
        for (var i = 0; i < filter.Length; i++)
        {
            if (char.IsHighSurrogate(filter[i]) && i + 1 < filter.Length && char.IsLowSurrogate(filter[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(filter[i]))
            {
                return $"The character at position {i + 1} is half of a surrogate pair, which UTF-8 cannot hold.";
            }
        }

        var bytes = Encoding.UTF8.GetByteCount(filter);
        return bytes > MaxBytes ? $"A topic filter has at most {MaxBytes} bytes; this one has {bytes}." : null;
    }

    private static bool Relation(string filter, string other, bool overlap)
    {
        if (IsHidden(filter, other) || (overlap && IsHidden(other, filter)))
        {
            return false;
        }

        var levels = filter.Split('/');
        var others = other.Split('/');
        for (var i = 0; ; i++)
        {
            var level = i < levels.Length ? levels[i] : null;
            var against = i < others.Length ? others[i] : null;
            if (level == "#" || (overlap && against == "#"))
            {
                return true;
            }

            if (level is null || against is null)
            {
                return level == against;
            }

            if (against == "#" || (level != "+" && level != against && !(overlap && against == "+")))
            {
                return false;
            }
        }
    }

    /// <summary>Whether the filter begins with a wildcard and the other with a level such as $SYS.</summary>
    private static bool IsHidden(string filter, string other) => filter is ['+' or '#', ..] && other is ['$', ..];
}
