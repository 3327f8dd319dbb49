using System.Buffers.Text;

namespace Portal.Engine.Mapping.Payloads;

/// <summary>What can be told of escape sequences without undoing them.</summary>
internal static class JsonEscapes
{
    /// <summary>Whether one half of a surrogate pair stands alone: then it is no text.</summary>
    /// <param name="written">A string without its quotes, whose escapes are whole.</param>
    public static bool HasHalfPair(ReadOnlySpan<byte> written)
    {
        while (written.IndexOf((byte)'\\') is >= 0 and var escape)
        {
            written = written[escape..];
            if (written[1] != (byte)'u')
            {
                written = written[2..];
                continue;
            }

            var unit = Unit(written);
            written = written[6..];
            if (char.IsLowSurrogate(unit))
            {
                return true;
            }

            if (char.IsHighSurrogate(unit))
            {
                if (!written.StartsWith("\\u"u8) || !char.IsLowSurrogate(Unit(written)))
                {
                    return true;
                }

                written = written[6..];
            }
        }

        return false;
    }

    private static char Unit(ReadOnlySpan<byte> escape) =>
        Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x') ? (char)unit : throw new ArgumentException("Not a whole escape.", nameof(escape));
}
