using Portal.Engine.Pipelines;
using Portal.Engine.Specs;

namespace Portal.Engine.Sources;

/// <summary>Ends a session at the broker while the client goes on: the next attempt begins a new one.</summary>
internal sealed partial class TaskClient
{
    private volatile bool _erases;

    /// <summary>
    /// Takes in nothing new, brings to Kafka what is open, and ends the session with whatever the broker still holds for it. A session with
    /// open deliveries is never ended: what is in Kafka and what the broker had would both be unknown.
    /// </summary>
    /// <returns>Null, or why the session is still at the broker, in words.</returns>
    public async Task<string?> RenewSessionAsync(DrainLimits limits, CancellationToken cancellationToken)
    {
        var ending = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _ending, ending, null) is not null)
        {
            return "Its session is being deleted already.";
        }

        try
        {
            return await FinishAndCloseAsync(limits, ending.Task, cancellationToken);
        }
        finally
        {
            _erases = false;
            Volatile.Write(ref _ending, null);
        }
    }

    private async Task<string?> FinishAndCloseAsync(DrainLimits limits, Task<string?> erased, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _session) is not { Adapter: { } adapter } session || !_record.IsOnline)
        {
            return "It is not connected now.";
        }

        adapter.StopReading();
        bool finished;
        try
        {
            finished = await UntilAsync(() => session.Ended.IsCompleted || (!adapter.IsTaking && session.Ledger.Open == 0), limits.Finish, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // One that reads no more cannot be left connected.
            await session.CloseAsync(null, CloseLimit);
            throw;
        }

        if (session.Ended.IsCompleted)
        {
            return "It lost its connection meanwhile, and its session is kept. Try again when it is connected.";
        }

        if (!finished)
        {
            var why = Remaining(session);
            await session.CloseAsync(null, CloseLimit);
            return $"{why} It was disconnected, and its session is kept.";
        }

        // MQTT 3.1.1 cannot end a session from within it: the client's own loop does it before it connects again.
        var within = _setup.Source.Broker.Protocol == MqttProtocol.V5;
        _erases = !within;
        var closed = await session.CloseAsync(within ? 0 : null, limits.Reach);
        await session.Ended;
        if (within && !closed)
        {
            return "The broker did not confirm the end of its session. It was disconnected; try again when it is connected.";
        }

        if (!within)
        {
            // Bounded, since whoever stops the client meanwhile ends that loop too.
            await Task.WhenAny(erased, Task.Delay(limits.Reach, _time, cancellationToken));
            if (!erased.IsCompletedSuccessfully || await erased is not null)
            {
                return $"Its session is still at the broker: {(erased.IsCompletedSuccessfully ? await erased : "the broker did not answer in time.")}";
            }
        }

        _observer.OnClientFact(FactSeverity.Warning, $"{ClientId}: its session was deleted at the broker, with what the broker still held for it.");
        return null;
    }

    private TaskCompletionSource<string?>? TakeErasure()
    {
        if (!_erases)
        {
            return null;
        }

        _erases = false;
        return Volatile.Read(ref _ending);
    }
}
