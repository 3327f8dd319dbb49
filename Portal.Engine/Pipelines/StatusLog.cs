namespace Portal.Engine.Pipelines;

/// <summary>The present verdict and since when its status holds, and whether a person is needed. Thread-safe.</summary>
internal sealed class StatusLog(TimeProvider time)
{
    private readonly Lock _gate = new();
    private PipelineVerdict _verdict = new(PipelineStatus.Starting);
    private DateTimeOffset _since = time.GetUtcNow();

    public Guid RunId { get; } = Guid.NewGuid();

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>
    /// Takes the verdict; the status before when it changed, else null. That a person is needed now, or no more, is a change too: an outage
    /// that ends in a refused password is another trouble, though both are called Blocked.
    /// </summary>
    public PipelineStatus? Become(PipelineVerdict verdict)
    {
        lock (_gate)
        {
            var before = _verdict;
            _verdict = verdict;
            if (before.Status == verdict.Status && before.NeedsYou == verdict.NeedsYou)
            {
                return null;
            }

            _since = time.GetUtcNow();
            return before.Status;
        }
    }

    public (PipelineVerdict Verdict, DateTimeOffset Since) Read()
    {
        lock (_gate)
        {
            return (_verdict, _since);
        }
    }
}
