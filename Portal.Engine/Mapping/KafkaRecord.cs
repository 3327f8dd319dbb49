namespace Portal.Engine.Mapping;

/// <summary>
/// The record that is about to be sent, except its value, which is the payload and stays in the receive buffer. Reused: each
/// client has one, the mapper fills it, the sink reads it before its call returns. Allocates only when it grows.
/// </summary>
/// <remarks>
/// All bytes lie in one pinned buffer, so that the sink can hand out pointers without copying. Header names are followed by a zero
/// byte there, as librdkafka wants them. The buffer begins with a preamble, the texts that every record of one mapper needs: they are
/// copied when the mapper changes, not for every message. Not thread-safe.
/// </remarks>
public sealed class KafkaRecord
{
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(4096, pinned: true);
    private Header[] _headers = new Header[32];
    private byte[] _preamble = [];
    private int _used;
    private int _keyStart;
    private int _keyLength;
    private int _partitionKeyStart;
    private int _partitionKeyLength;
    private Slice _mqttTopic;

    /// <summary>The target topic. Set by reference to a string that the mapper keeps, so that the sink can look up its handle quickly.</summary>
    public string Topic { get; set; } = "";

    /// <summary>
    /// Whether the message itself decided the topic (a map or a template). Such a topic, when it is illegal, missing or not allowed, is
    /// a failure of this message; otherwise it is a state of the sink.
    /// </summary>
    public bool IsTopicFromMessage { get; set; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long Timestamp { get; set; }

    /// <summary>Whether the value is null (a tombstone) whatever the payload.</summary>
    public bool IsTombstone { get; set; }

    /// <summary>The key; empty and <see cref="HasKey"/> false when there is none.</summary>
    public ReadOnlySpan<byte> Key => _keyLength < 0 ? default : _bytes.AsSpan(_keyStart, _keyLength);

    /// <summary>Whether there is a key; an empty key is a key.</summary>
    public bool HasKey => _keyLength >= 0;

    /// <summary>What decides the partition instead of the key, for the rules that need it; empty otherwise.</summary>
    public ReadOnlySpan<byte> PartitionKey => _partitionKeyLength < 0 ? default : _bytes.AsSpan(_partitionKeyStart, _partitionKeyLength);

    /// <summary>The MQTT topic that it was made of; empty when that is not known any more.</summary>
    public ReadOnlySpan<byte> MqttTopic => _bytes.AsSpan(_mqttTopic.Start, _mqttTopic.Length);

    /// <summary>How many headers there are.</summary>
    public int HeaderCount { get; private set; }

    /// <summary>The pinned bytes behind all offsets.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _used);

    /// <summary>The headers in order; names and values are ranges of <see cref="Bytes"/>.</summary>
    public ReadOnlySpan<Header> Headers => _headers.AsSpan(0, HeaderCount);

    /// <summary>A header: offsets into <see cref="Bytes"/>. The name is followed by a zero byte.</summary>
    public readonly record struct Header(int NameStart, int NameLength, int ValueStart, int ValueLength);

    /// <summary>The name of a header, without its zero byte.</summary>
    public ReadOnlySpan<byte> Name(Header header) => _bytes.AsSpan(header.NameStart, header.NameLength);

    /// <summary>The value of a header.</summary>
    public ReadOnlySpan<byte> Value(Header header) => _bytes.AsSpan(header.ValueStart, header.ValueLength);

    /// <summary>Empties it for the next message.</summary>
    public void Clear() => Clear([]);

    /// <summary>Sets the key by copying.</summary>
    public void SetKey(ReadOnlySpan<byte> key) => SetKey(Append(key));

    /// <summary>Sets the partition key by copying.</summary>
    public void SetPartitionKey(ReadOnlySpan<byte> key) => SetPartitionKey(Append(key));

    /// <summary>Adds a header by copying. A zero byte inside the name is not possible in Kafka's client: the caller has refused it.</summary>
    public void AddHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => AddHeader([], name, value);

    /// <summary>Empties it for the next message; the bytes of <paramref name="preamble"/> are then in place, from offset 0.</summary>
    internal void Clear(byte[] preamble)
    {
        if (!ReferenceEquals(preamble, _preamble))
        {
            _used = 0;
            Append(preamble);
            _preamble = preamble;
        }

        Topic = "";
        IsTopicFromMessage = false;
        Timestamp = 0;
        IsTombstone = false;
        _mqttTopic = default;
        _used = preamble.Length;
        HeaderCount = 0;
        ClearKeys();
    }

    /// <summary>Takes both keys away.</summary>
    internal void ClearKeys()
    {
        _keyStart = 0;
        _keyLength = -1;
        _partitionKeyStart = 0;
        _partitionKeyLength = -1;
    }

    /// <summary>Makes bytes that are in place the key.</summary>
    internal void SetKey(Slice key) => (_keyStart, _keyLength) = (key.Start, key.Length);

    /// <summary>Makes bytes that are in place the partition key.</summary>
    internal void SetPartitionKey(Slice key) => (_partitionKeyStart, _partitionKeyLength) = (key.Start, key.Length);

    /// <summary>Remembers bytes that are in place as the MQTT topic.</summary>
    internal void SetMqttTopic(Slice topic) => _mqttTopic = topic;

    /// <summary>Adds a header whose name is the prefix and the name together.</summary>
    internal void AddHeader(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var nameStart = _used;
        Append(prefix);
        Append(name);
        Append([0]);
        AddHeader(new Slice(nameStart, prefix.Length + name.Length), Append(value));
    }

    /// <summary>Adds a header of bytes that are in place; a zero byte follows the name there.</summary>
    internal void AddHeader(Slice name, Slice value) => AddHeader(new Header(name.Start, name.Length, value.Start, value.Length));

    /// <summary>Adds a header of bytes that are in place.</summary>
    internal void AddHeader(Header header)
    {
        if (HeaderCount == _headers.Length)
        {
            Array.Resize(ref _headers, 2 * _headers.Length);
        }

        _headers[HeaderCount++] = header;
    }

    /// <summary>Puts bytes into place.</summary>
    internal Slice Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _used += bytes.Length;
        return new Slice(_used - bytes.Length, bytes.Length);
    }

    /// <summary>At least as much room behind the last byte; what is written there counts once <see cref="Commit"/> says so.</summary>
    internal Span<byte> Reserve(int length)
    {
        if (_bytes.Length - _used < length)
        {
            var larger = GC.AllocateUninitializedArray<byte>(Math.Max(2 * _bytes.Length, _used + length), pinned: true);
            _bytes.AsSpan(0, _used).CopyTo(larger);
            _bytes = larger;
        }

        return _bytes.AsSpan(_used);
    }

    /// <summary>Keeps what was written into the room of <see cref="Reserve"/>.</summary>
    internal Slice Commit(int length)
    {
        _used += length;
        return new Slice(_used - length, length);
    }

    /// <summary>Where the next byte goes: the beginning of what is put together step by step.</summary>
    internal int Mark() => _used;

    /// <summary>The bytes since <paramref name="mark"/>, to be changed in place.</summary>
    internal Span<byte> Since(int mark) => _bytes.AsSpan(mark, _used - mark);

    /// <summary>Forgets all but the first <paramref name="keep"/> bytes since <paramref name="mark"/>.</summary>
    internal Slice Trim(int mark, int keep)
    {
        _used = mark + keep;
        return new Slice(mark, keep);
    }

    /// <summary>A range of <see cref="Bytes"/>.</summary>
    internal readonly record struct Slice(int Start, int Length);
}
