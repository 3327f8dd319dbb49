using System.Text;
using System.Text.Json;
using Portal.Engine.Mapping.Payloads;

namespace Portal.Tests.Engine.Mapping.Payloads;

/// <summary>The scanner held against the reader that it stands for.</summary>
public class JsonScannerTests
{
    private static readonly byte[][] Names = [[], "a"u8.ToArray(), "ä"u8.ToArray(), "a\"b"u8.ToArray(), "😀"u8.ToArray()];

    // What mutations are made of: everything that has a meaning in JSON, and some that has none.
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "/", " ", "\t", "\n", "\r", "\0", "\u001f", "\u000b", "-", "+", ".", "0", "1", "9", "e", "E", "true", "false", "null", "t", "x",
        "\\u0061", "\\ud83d\\ude00", "\\ud800", "\\udc00", "\\uD8", "\\n", "\\x", "\"a\"", "\"a\":", "{\"a\":1}", "[1,2]", "1e5", "-0.5", "ä", "//", "/*", "*/",
    ];

    [Fact]
    public void Read_ValidCutAndBrokenTexts_GivesTheTokensOfTheReader()
    {
        var random = new Random(20_261_130);
        for (var round = 0; round < 20_000; round++)
        {
            var text = Encoding.UTF8.GetBytes(Value(random, 0));
            Compare(text);
            Compare(text.AsSpan(0, random.Next(text.Length + 1)).ToArray());
            for (var mutations = random.Next(1, 4); mutations > 0; mutations--)
            {
                text = Mutated(random, text);
            }

            Compare(text);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[-")]
    [InlineData("[1/")]
    [InlineData("[truex]")]
    [InlineData("[1]]")]
    [InlineData("[1] 2")]
    [InlineData("{\"a\"")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":1 \"b\":2}")]
    public void Read_CornerCase_GivesTheTokensOfTheReader(string text) => Compare(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void Read_NestedDeeply_EndsWhereTheReaderDoes(int depth)
    {
        Compare(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)));
        Compare(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth)));
    }

    [Fact]
    public void TrySkip_EachValue_EndsWhereTheReaderDoes()
    {
        var random = new Random(7);
        for (var round = 0; round < 5_000; round++)
        {
            var text = Mutated(random, Encoding.UTF8.GetBytes(Value(random, 0)));
            var reader = new Utf8JsonReader(text, isFinalBlock: false, state: default);
            var scanner = new JsonScanner(text);
            for (var stop = random.Next(6); stop > 0 && Read(ref reader); stop--)
            {
                Assert.True(scanner.Read());
            }

            if (reader.TokenType is JsonTokenType.None or JsonTokenType.PropertyName || reader.BytesConsumed != scanner.Consumed)
            {
                continue;
            }

            var skipped = Skip(ref reader);
            Assert.True(skipped == scanner.TrySkip(), Encoding.UTF8.GetString(text));
            Assert.True(!skipped || reader.BytesConsumed == scanner.Consumed, Encoding.UTF8.GetString(text));
        }
    }

    private static void Compare(byte[] text)
    {
        var reader = new Utf8JsonReader(text, isFinalBlock: false, state: default);
        var scanner = new JsonScanner(text);
        while (true)
        {
            var read = Read(ref reader);
            if (read != scanner.Read())
            {
                Assert.Fail($"Read differs at {scanner.TokenStart} of {Encoding.UTF8.GetString(text)}");
            }

            if (!read)
            {
                return;
            }

            var isText = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
            if (reader.TokenType != scanner.TokenType
                || reader.TokenStartIndex != scanner.TokenStart
                || (reader.TokenType != JsonTokenType.PropertyName && reader.BytesConsumed != scanner.Consumed)
                || (isText && reader.ValueIsEscaped != scanner.IsEscaped))
            {
                Assert.Fail($"The token at {reader.TokenStartIndex} differs in {Encoding.UTF8.GetString(text)}");
            }

            foreach (var name in reader.TokenType == JsonTokenType.PropertyName ? Names : [])
            {
                bool? expected = SameName(ref reader, name);
                bool? actual = scanner.TryNameEquals(name, out var equal) ? equal : null;
                if (expected != actual)
                {
                    Assert.Fail($"The name at {reader.TokenStartIndex} is compared differently in {Encoding.UTF8.GetString(text)}");
                }
            }
        }
    }

    private static bool Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Skip(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool? SameName(ref Utf8JsonReader reader, byte[] name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Value(Random random, int depth) => random.Next(depth > 3 ? 5 : 8) switch
    {
        0 => Text(random),
        1 => random.Next(-50, 50).ToString(System.Globalization.CultureInfo.InvariantCulture),
        2 => random.NextDouble().ToString("E3", System.Globalization.CultureInfo.InvariantCulture),
        3 => "true",
        4 => random.Next(2) == 0 ? "null" : "false",
        5 => $"[{string.Join(Blank(random) + ",", Enumerable.Range(0, random.Next(4)).Select(_ => Blank(random) + Value(random, depth + 1)))}]",
        _ => $"{{{string.Join(",", Enumerable.Range(0, random.Next(4)).Select(_ => $"{Blank(random)}{Text(random)}{Blank(random)}:{Blank(random)}{Value(random, depth + 1)}"))}}}",
    };

    private static string Text(Random random) =>
        $"\"{string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(7) switch { 0 => "\\u0061", 1 => "\\ud83d\\ude00", 2 => "\\\"b", 3 => "ä", 4 => "\\ud800", _ => "a" }))}\"";

    private static string Blank(Random random) => random.Next(4) == 0 ? " \r\n\t"[random.Next(4)].ToString() : "";

    private static byte[] Mutated(Random random, byte[] text)
    {
        var at = random.Next(text.Length + 1);
        var piece = Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]);
        var rest = Math.Min(text.Length, at + random.Next(3));
        return random.Next(3) == 0 ? [.. text[..at], .. text[rest..]] : [.. text[..at], .. piece, .. text[rest..]];
    }
}
