using Portal.Engine.Sinks;
using Portal.Engine.Sources;

namespace Portal.Engine.Pipelines;

/// <summary>How a pipeline ends in order.</summary>
internal sealed partial class Pipeline
{
    private static readonly TimeSpan BlockedFinish = TimeSpan.FromSeconds(3);

    private Task? _stopping;
    private Task<PipelineSnapshot>? _retired;

    /// <summary>Ends the pipeline; the first call decides how. Every step is bounded.</summary>
    /// <param name="modeOf">How each client ends, by its index in the task.</param>
    /// <param name="finish">How long open deliveries may take; null means the usual.</param>
    /// <param name="cancellationToken">Cuts the drain short; what is open then is abandoned.</param>
    /// <returns>The last photo, whose books are final.</returns>
    public Task<PipelineSnapshot> RetireAsync(Func<int, RetireMode> modeOf, TimeSpan? finish, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Here and not on the way: what fails from now on plans no restart.
            Volatile.Write(ref _draining, true);
            return _retired ??= RetireOnceAsync(modeOf, finish, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await RetireAsync(_ => RetireMode.Abandon, null, CancellationToken.None);

    private async Task<PipelineSnapshot> RetireOnceAsync(Func<int, RetireMode> modeOf, TimeSpan? finish, CancellationToken cancellationToken)
    {
        await Task.Yield();
        _restartDecision.TrySetResult(false);
        _faulted.TrySetResult(null);
        Evaluate();

        // 1. What Kafka answers within the limit is acknowledged; while it is away, waiting longer would gain nothing.
        var limits = LimitsOfDrain(finish);
        if (_stopping is { } stopping)
        {
            await stopping;
        }

        var owed = await Task.WhenAll(Crew.Present.Select(client => client.RetireAsync(modeOf(client.Index), limits, cancellationToken)));
        _owed = [.. owed.OfType<string>()];

        // 2. Nothing reads or acknowledges any more: now the producer.
        await _stop.CancelAsync();
        if (_recovering is { } recovering)
        {
            await recovering;
        }

        await _sink.DisposeAsync();
        if (_pulse is { } pulse)
        {
            await pulse.DisposeAsync();
        }

        // 3. The books are final.
        Sample();
        if (_started)
        {
            _parts.Metrics.PipelineEnded();
        }

        var last = Snapshot();
        Log.Retired(_logger, last.Id, last.Books);
        foreach (var text in _owed)
        {
            TellOfTask(PipelineFactKind.Notice, FactSeverity.Warning, text);
        }

        if (!_subscribes && last.Books.Received == 0)
        {
            return last;
        }

        Tell(PipelineFactKind.RunEnded, FactSeverity.Info, PipelineWarnings.RunEnded(last.Books), last);
        return last;
    }

    private DrainLimits LimitsOfDrain(TimeSpan? finish)
    {
        var limits = DrainLimits.For(Spec.Delivery);
        return limits with { Finish = _sink.State.Condition == SinkCondition.Ready ? finish ?? limits.Finish : BlockedFinish };
    }
}
