using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Portal.Engine.Mapping.Topics;

/// <summary>
/// Keeps the strings of topic names that were made from messages, so that the same bytes give the same string without an allocation.
/// Bounded: when it is full it starts again, so more names than that at once cost an allocation each but no memory.
/// </summary>
/// <remarks>Thread-safe; a name that is known is found without a lock.</remarks>
internal sealed class TopicNames
{
    private readonly ConcurrentDictionary<byte[], string> _names = new(Utf8Comparer.Instance);
    private readonly ConcurrentDictionary<byte[], string>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly int _capacity;
    private int _count;

    public TopicNames(int capacity = 4096)
    {
        _capacity = capacity;
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public string Get(ReadOnlySpan<byte> name) => _lookup.TryGetValue(name, out var known) ? known : Add(name);

    private string Add(ReadOnlySpan<byte> name)
    {
        if (Interlocked.Increment(ref _count) > _capacity)
        {
            _names.Clear();
            Volatile.Write(ref _count, 1);
        }

        return _names.GetOrAdd(name.ToArray(), Encoding.UTF8.GetString);
    }

    private sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Utf8Comparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
