namespace Portal.Engine.Pipelines;

/// <summary>Why a pipeline failed.</summary>
/// <param name="Text">Cause and what to do, in words.</param>
/// <param name="IsMendable">Whether starting it again may help: not where the operator's policy stopped it.</param>
internal sealed record PipelineFault(string Text, bool IsMendable);

/// <summary>How a pipeline fails, and what it shows until it is started again.</summary>
internal sealed partial class Pipeline
{
    private readonly TaskCompletionSource<PipelineFault?> _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _restartDecision = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PipelineFault? _fault;
    private RestartPlan? _plan;

    /// <summary>Ends with the fault when it fails, or with null when it ended in order.</summary>
    public Task<PipelineFault?> Faulted => _faulted.Task;

    public bool HasFailed => Volatile.Read(ref _fault) is not null;

    /// <summary>Shows the attempt and waits for it; false when it is not to be made.</summary>
    public async Task<bool> WaitForRestartAsync(RestartAttempt attempt)
    {
        Volatile.Write(ref _plan, new RestartPlan(attempt.Number, attempt.Of, _time.GetUtcNow() + attempt.Pause));
        Evaluate();
        using var enough = new CancellationTokenSource();
        await Task.WhenAny(_restartDecision.Task, Task.Delay(attempt.Pause, _time, enough.Token));
        await enough.CancelAsync();
        if (_restartDecision.Task.IsCompletedSuccessfully && !await _restartDecision.Task)
        {
            return false;
        }

        Tell(PipelineFactKind.Notice, FactSeverity.Info, $"It is started again by itself, attempt {attempt.Number} of {attempt.Of}.");
        return true;
    }

    /// <summary>No automatic restart follows, since the last one met a bug.</summary>
    public void GiveUp(Exception exception)
    {
        Log.Failed(_logger, exception, Spec.Id);
        GiveUp($"It could not be started again: {exception.Message}");
    }

    /// <summary>No automatic restart follows.</summary>
    public void GiveUp(string why)
    {
        lock (_gate)
        {
            if (_fault is { } fault)
            {
                Volatile.Write(ref _fault, fault with { Text = $"{fault.Text} {why}" });
            }
        }

        Volatile.Write(ref _plan, null);
        Evaluate();
    }

    /// <summary>Makes the attempt that is planned at once: of the whole pipeline, or of the sink and each client that waits.</summary>
    /// <returns>False when nothing waits.</returns>
    public bool TryNow()
    {
        if (Volatile.Read(ref _plan) is not null)
        {
            return _restartDecision.TrySetResult(true);
        }

        var waited = _sink.TryNow();
        foreach (var client in Crew.Present)
        {
            waited |= client.TryNow();
        }

        return waited;
    }

    /// <summary>Makes no further attempt to restart; false when none is planned.</summary>
    public bool StopTrying()
    {
        if (Volatile.Read(ref _plan) is null || !_restartDecision.TrySetResult(false))
        {
            return false;
        }

        GiveUp("Automatic restarts were stopped by hand. Restart it when the cause is mended.");
        return true;
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        if (Stop(new PipelineFault($"A bug stopped the task: {exception.Message} If it comes back, please report this.", IsMendable: true)))
        {
            Log.Failed(_logger, exception, Spec.Id);
        }
    }

    // Ends the sessions at once; the broker keeps what was open. In the background: the caller may be one of the loops that end.
    private bool Stop(PipelineFault why)
    {
        lock (_gate)
        {
            if (_fault is not null)
            {
                return false;
            }

            Volatile.Write(ref _fault, why);
            _flow.IsOpen = false;
            _stopping = Task.Run(async () =>
            {
                foreach (var client in Crew.Present)
                {
                    await client.DisposeAsync();
                }
            });
        }

        Evaluate();
        _faulted.TrySetResult(why);
        return true;
    }
}
