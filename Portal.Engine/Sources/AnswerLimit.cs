namespace Portal.Engine.Sources;

/// <summary>
/// How long the broker may take to answer. While reading is held its answer lies unread behind messages, so the time begins anew: else a
/// resumed session would be torn down again and again for as long as Kafka is away.
/// </summary>
internal sealed class AnswerLimit : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenSource _either;
    private readonly ITimer _watch;
    private bool _disposed;

    public AnswerLimit(ClientSession session, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _limit = new CancellationTokenSource(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, cancellationToken);
        _watch = time.CreateTimer(_ => Restart(session, limit), null, Look, Look);
    }

    public CancellationToken Token => _either.Token;

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _watch.Dispose();
            _either.Dispose();
            _limit.Dispose();
        }
    }

    private void Restart(ClientSession session, TimeSpan limit)
    {
        lock (_gate)
        {
            if (!_disposed && session.Adapter is { IsHeld: true })
            {
                _limit.CancelAfter(limit);
            }
        }
    }
}
