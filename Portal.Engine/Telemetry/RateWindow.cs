namespace Portal.Engine.Telemetry;

/// <summary>Turns a growing count into a rate over the last seconds. One caller samples it, anybody reads the rate.</summary>
internal sealed class RateWindow(TimeProvider time)
{
    private const int Samples = 6;

    private readonly (long At, long Count)[] _samples = new (long, long)[Samples];
    private int _used;
    private double _perSecond;

    public double PerSecond => Volatile.Read(ref _perSecond);

    public void Sample(long count)
    {
        var now = time.GetTimestamp();
        var oldest = _used < Samples ? _samples[0] : _samples[_used % Samples];
        if (_used > 0 && now > oldest.At)
        {
            Volatile.Write(ref _perSecond, (count - oldest.Count) / time.GetElapsedTime(oldest.At, now).TotalSeconds);
        }

        _samples[_used++ % Samples] = (now, count);
    }
}
