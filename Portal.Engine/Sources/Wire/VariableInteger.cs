namespace Portal.Engine.Sources.Wire;

/// <summary>What <see cref="VariableInteger.Read"/> found.</summary>
internal enum VariableIntegerResult
{
    /// <summary>A number.</summary>
    Read,

    /// <summary>The bytes end within it.</summary>
    Incomplete,

    /// <summary>It is longer than four bytes.</summary>
    Malformed,
}

/// <summary>The variable byte integer of MQTT (section 1.5.5).</summary>
internal static class VariableInteger
{
    public static VariableIntegerResult Read(ReadOnlySpan<byte> bytes, out int value, out int size)
    {
        value = 0;
        for (size = 0; size < 4;)
        {
            if (size == bytes.Length)
            {
                return VariableIntegerResult.Incomplete;
            }

            var part = bytes[size];
            value |= (part & 0x7F) << (7 * size);
            size++;
            if (part < 0x80)
            {
                return VariableIntegerResult.Read;
            }
        }

        return VariableIntegerResult.Malformed;
    }
}
