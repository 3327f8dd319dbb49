namespace Portal.Engine.Pipelines;

/// <summary>The present verdict and since when its status holds. Thread-safe.</summary>
internal sealed class StatusLog(TimeProvider time)
{
    private readonly Lock _gate = new();
    private PipelineVerdict _verdict = new(PipelineStatus.Starting);
    private DateTimeOffset _since = time.GetUtcNow();

    public Guid RunId { get; } = Guid.NewGuid();

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>Takes the verdict; the status before when it changed, else null.</summary>
    public PipelineStatus? Become(PipelineVerdict verdict)
    {
        lock (_gate)
        {
            var before = _verdict.Status;
            _verdict = verdict;
            if (before == verdict.Status)
            {
                return null;
            }

            _since = time.GetUtcNow();
            return before;
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
