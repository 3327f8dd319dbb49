namespace Portal.Engine.Sources;

/// <summary>
/// Finds out how many messages the broker keeps in flight when that is less than the window: the most that was ever open at once, once it
/// was reached several times without being passed.
/// </summary>
/// <remarks>
/// At such a limit the broker sends nothing before we acknowledge, so that every moment the producer lingers is lost: Mosquitto keeps 20 for
/// a 3.1.1 client, and others cap lower than asked. No packet tells this limit.
/// </remarks>
internal sealed class LimitWatch
{
    private const int Proofs = 3;

    private int _most;
    private int _reached;

    /// <summary>Whether as much is open as the broker allows.</summary>
    public bool StandsAtLimit(int open)
    {
        if (open < _most || open == 0)
        {
            return false;
        }

        _reached = open > _most ? 1 : _reached + 1;
        _most = open;
        return _reached >= Proofs;
    }
}
