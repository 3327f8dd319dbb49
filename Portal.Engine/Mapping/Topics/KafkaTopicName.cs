using System.Buffers;
using System.Text;

namespace Portal.Engine.Mapping.Topics;

/// <summary>What Kafka allows as the name of a topic: 1 to 249 of <c>a-z A-Z 0-9 . _ -</c>, neither <c>.</c> nor <c>..</c>.</summary>
public static class KafkaTopicName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 249;

    private const string Legal = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    private static readonly SearchValues<byte> LegalBytes = SearchValues.Create(Encoding.ASCII.GetBytes(Legal));
    private static readonly SearchValues<char> LegalCharacters = SearchValues.Create(Legal);

    /// <summary>What is wrong with a name, in words; null when nothing is.</summary>
    public static string? Check(string name)
    {
        if (FirstIllegal(name) is var illegal and >= 0)
        {
            return $"A Kafka topic name has only letters, digits, '.', '_' and '-'; '{name[illegal]}' at position {illegal + 1} is none of them.";
        }

        return name.Length > MaxLength ? $"A Kafka topic name has at most {MaxLength} characters; this one has {name.Length}." : name switch
        {
            "" => "A Kafka topic name is needed.",
            "." or ".." => $"Kafka does not allow '{name}' as a topic name.",
            _ => null,
        };
    }

    /// <summary>The index of the first character that no name may have, or -1.</summary>
    internal static int FirstIllegal(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(LegalCharacters);

    /// <summary>
    /// Makes text legal in place: <c>/</c> becomes <c>.</c>, every other character that no name may have becomes one <c>_</c>. So <c>a/b</c> and
    /// <c>a.b</c> meet in one topic, as they would in Kafka's own metrics.
    /// </summary>
    /// <returns>How many bytes are left: a character of several bytes becomes one.</returns>
    internal static int Replace(Span<byte> text)
    {
        var start = text.IndexOfAnyExcept(LegalBytes);
        if (start < 0)
        {
            return text.Length;
        }

        var length = start;
        for (var i = start; i < text.Length;)
        {
            var consumed = 1;
            var legal = text[i];
            if (legal == '/')
            {
                legal = (byte)'.';
            }
            else if (!LegalBytes.Contains(legal))
            {
                Rune.DecodeFromUtf8(text[i..], out _, out consumed);
                legal = (byte)'_';
            }

            text[length++] = legal;
            i += consumed;
        }

        return length;
    }
}
