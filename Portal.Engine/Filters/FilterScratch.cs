using Portal.Engine.Filters.Payloads;

namespace Portal.Engine.Filters;

/// <summary>Reused memory of one thread for evaluating filters.</summary>
internal sealed class FilterScratch
{
    [ThreadStatic]
    private static FilterScratch? _current;

    private byte[] _bytes = new byte[1024];
    private PayloadPlace[] _places = new PayloadPlace[8];
    private int _used;

    /// <summary>The thread's own, everything in it free again.</summary>
    public static FilterScratch Begin()
    {
        var scratch = _current ??= new FilterScratch();
        scratch._used = 0;
        return scratch;
    }

    /// <summary>Room that is not given again before <see cref="Begin"/>.</summary>
    public Span<byte> Take(int length)
    {
        if (_bytes.Length - _used < length)
        {
            // What was taken before stays where it is, in the array that is now forgotten.
            _bytes = new byte[Math.Max(2 * _bytes.Length, length)];
            _used = 0;
        }

        _used += length;
        return _bytes.AsSpan(_used - length, length);
    }

    /// <summary>As many places, all empty.</summary>
    public PayloadPlace[] Places(int count)
    {
        if (_places.Length < count)
        {
            _places = new PayloadPlace[count];
        }

        Array.Clear(_places, 0, count);
        return _places;
    }
}
