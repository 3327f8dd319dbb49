namespace Portal.Engine.Sinks.Producing;

/// <summary>
/// The pauses between a sink's own attempts. All of them are taken here, so that each shows when the next comes and a person can have it at
/// once. What librdkafka tries again by itself has no such pauses, and is told in words. Thread-safe.
/// </summary>
internal sealed class SinkRetries(SinkConditions conditions, TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>Waits before an attempt.</summary>
    /// <param name="attempt">Its number, from 1.</param>
    /// <param name="pause">How long, unless <see cref="TryNow"/> comes first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task PauseAsync(int attempt, TimeSpan pause, CancellationToken cancellationToken)
    {
        Task hurry;
        lock (_gate)
        {
            hurry = _hurry.Task;
            _waiting++;
        }

        conditions.Plan(attempt, time.GetUtcNow() + pause);
        await hurry.WaitAsync(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _waiting--;
        }

        cancellationToken.ThrowIfCancellationRequested();
        conditions.Plan(attempt, null);
    }

    /// <summary>Ends all present pauses; false when there is none.</summary>
    public bool TryNow()
    {
        TaskCompletionSource due;
        lock (_gate)
        {
            if (_waiting == 0)
            {
                return false;
            }

            due = _hurry;
            _hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        due.SetResult();
        return true;
    }
}
