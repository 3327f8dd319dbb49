namespace Portal.Engine.Sinks.Producing;

/// <summary>
/// Spaces renewals. Each costs every client of the pipeline its connection, so what is lost again at once is not renewed at once: 1 s,
/// 2 s and so on up to 30 s, and from the beginning after a minute of peace.
/// </summary>
internal sealed class RenewalPause(SinkRetries retries, TimeProvider time)
{
    private static readonly TimeSpan Peace = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private long? _last;
    private int _row;

    /// <summary>Waits before the next renewal; the first comes without waiting.</summary>
    public async Task BeforeNextAsync(CancellationToken cancellationToken)
    {
        _row = _last is { } last && time.GetElapsedTime(last) < Peace + Pause(_row) ? _row + 1 : 0;
        if (_row > 0)
        {
            await retries.PauseAsync(_row + 1, Pause(_row), cancellationToken);
        }

        _last = time.GetTimestamp();
    }

    private static TimeSpan Pause(int row) =>
        row == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, row - 1)));
}
