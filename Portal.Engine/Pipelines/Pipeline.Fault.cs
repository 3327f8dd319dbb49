namespace Portal.Engine.Pipelines;

/// <summary>The automatic restart that a failed pipeline waits for.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Of">After so many nothing more is tried.</param>
/// <param name="At">When it is due; null once it is under way.</param>
internal sealed record RestartPlan(int Number, int Of, DateTimeOffset? At);

/// <summary>Why a pipeline failed.</summary>
/// <param name="Text">Cause and what to do, in words.</param>
/// <param name="IsMendable">Whether starting it again may help: not where the operator's policy stopped it.</param>
/// <param name="Plan">The automatic restart that follows; null when nothing more happens by itself.</param>
internal sealed record PipelineFault(string Text, bool IsMendable, RestartPlan? Plan = null);

/// <summary>How a pipeline fails, and what it shows until it is started again.</summary>
internal sealed partial class Pipeline
{
    private readonly TaskCompletionSource<PipelineFault?> _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _restartDecision = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PipelineFault? _fault;

    /// <summary>Ends with the fault when it fails, or with null when it ended in order.</summary>
    public Task<PipelineFault?> Faulted => _faulted.Task;

    public bool HasFailed => Volatile.Read(ref _fault) is not null;

    /// <summary>Waits for the attempt that is planned; false when it is not to be made.</summary>
    public async Task<bool> WaitForRestartAsync(RestartPlan plan)
    {
        using var enough = new CancellationTokenSource();
        var pause = plan.At!.Value - _time.GetUtcNow();
        await Task.WhenAny(_restartDecision.Task, Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, _time, enough.Token));
        await enough.CancelAsync();

        // Decided once: who wants it stopped from here on comes too late, and is told so.
        _restartDecision.TrySetResult(true);
        if (!await _restartDecision.Task)
        {
            return false;
        }

        Amend(fault => fault with { Plan = plan with { At = null } });
        Tell(PipelineFactKind.Notice, FactSeverity.Info, $"It is started again by itself, attempt {plan.Number} of {plan.Of}.");
        return true;
    }

    /// <summary>No automatic restart follows, since the last one met a bug.</summary>
    public void GiveUp(Exception exception)
    {
        Log.Failed(_logger, exception, Spec.Id);
        GiveUp($"It could not be started again: {exception.Message}");
    }

    /// <summary>No automatic restart follows.</summary>
    public void GiveUp(string why) => Amend(fault => fault with { Text = $"{fault.Text} {why}", Plan = null });

    /// <summary>Makes the attempt that is planned at once: of the whole pipeline, or of the sink and each client that waits.</summary>
    /// <returns>False when nothing waits.</returns>
    public bool TryNow()
    {
        if (HasFailed)
        {
            return Volatile.Read(ref _fault) is { Plan: not null } && _restartDecision.TrySetResult(true);
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
        if (Volatile.Read(ref _fault) is not { Plan: not null } || !_restartDecision.TrySetResult(false))
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
        bool endsByOrder;
        lock (_gate)
        {
            if (_fault is not null)
            {
                return false;
            }

            endsByOrder = _draining;

            // With the fault, not after it: nobody may see a pipeline that needs a person in the moment before its restart is planned.
            why = Planned_NeedsLock(why);
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

        if (endsByOrder)
        {
            // Its status shows no failure.
            Tell(PipelineFactKind.Notice, FactSeverity.Warning, why.Text);
        }

        Evaluate();
        _faulted.TrySetResult(why);
        return true;
    }

    private PipelineFault Planned_NeedsLock(PipelineFault fault)
    {
        if (!fault.IsMendable || !Spec.RestartsByItself || _restarts is null || _draining)
        {
            return fault;
        }

        var now = _time.GetUtcNow();
        return _restarts.Next(now) is { } attempt
            ? fault with { Plan = new RestartPlan(attempt.Number, attempt.Of, now + attempt.Pause) }
            : fault with { Text = $"{fault.Text} {AutomaticRestarts.GivenUp}" };
    }

    private void Amend(Func<PipelineFault, PipelineFault> change)
    {
        lock (_gate)
        {
            if (_fault is { } fault)
            {
                Volatile.Write(ref _fault, change(fault));
            }
        }

        Evaluate();
    }
}
