namespace Portal.Sandbox.Mqtt.Groups;

/// <summary>
/// Keeps messages out of a session while MQTTnet.Server resumes it. It clears the queue in between, and what is put there at that moment
/// would wait for the next resume, behind everything that comes later.
/// </summary>
internal sealed class SessionGate
{
    private readonly Lock _gate = new();
    private List<Func<bool>>? _held;

    /// <summary>Puts a message into the session, or remembers it until the gate opens; false when the session's queue is full.</summary>
    public bool Pass(Func<bool> enqueue)
    {
        lock (_gate)
        {
            if (_held is null)
            {
                return enqueue();
            }

            _held.Add(enqueue);
            return true;
        }
    }

    /// <summary>From its return on nothing enters the session.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _held ??= [];
        }
    }

    /// <summary>
    /// Lets in what waited, in order, and everything after it; gives how many of them the session's queue had no room for.
    /// </summary>
    public int Open()
    {
        lock (_gate)
        {
            var refused = _held?.Count(enqueue => !enqueue()) ?? 0;
            _held = null;
            return refused;
        }
    }
}
