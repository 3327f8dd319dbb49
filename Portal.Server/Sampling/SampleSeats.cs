namespace Portal.Server.Sampling;

/// <summary>How many samples may run at once: each is a connection to a broker that somebody else pays for.</summary>
internal sealed class SampleSeats
{
    public const int Most = 16;

    private int _taken;

    /// <summary>A seat, given back when disposed; null when all are taken.</summary>
    public IDisposable? Take()
    {
        if (Interlocked.Increment(ref _taken) <= Most)
        {
            return new Seat(this);
        }

        Interlocked.Decrement(ref _taken);
        return null;
    }

    private sealed class Seat(SampleSeats seats) : IDisposable
    {
        private bool _given;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _given, true))
            {
                Interlocked.Decrement(ref seats._taken);
            }
        }
    }
}
