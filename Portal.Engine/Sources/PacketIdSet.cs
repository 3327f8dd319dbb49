namespace Portal.Engine.Sources;

/// <summary>The QoS 2 packet ids between PUBREC and PUBREL. Part of the MQTT session, so it outlives a connection. Thread-safe.</summary>
internal sealed class PacketIdSet
{
    private readonly Lock _gate = new();
    private readonly HashSet<ushort> _ids = [];

    public void Add(ushort id)
    {
        lock (_gate)
        {
            _ids.Add(id);
        }
    }

    public bool Contains(ushort id)
    {
        lock (_gate)
        {
            return _ids.Contains(id);
        }
    }

    public bool Remove(ushort id)
    {
        lock (_gate)
        {
            return _ids.Remove(id);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _ids.Clear();
        }
    }
}
