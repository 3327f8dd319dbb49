using Portal.Engine.Ledger;
using Portal.Engine.Sinks;
using Portal.Engine.Sources;

namespace Portal.Engine.Pipelines;

/// <summary>What the sink and the clients tell, and the way back from a lost producer.</summary>
internal sealed partial class Pipeline
{
    private readonly long[] _discards = new long[Enum.GetValues<RefusalReason>().Length];
    private Task? _recovering;

    void ISinkListener.OnReceipts(ReadOnlySpan<SinkReceipt> receipts)
    {
        try
        {
            Settle(receipts);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    void ISinkListener.OnStateChanged(SinkState state)
    {
        if (_started)
        {
            Guarded(ApplySinkState);
        }
    }

    void ISinkListener.OnRefusal(string reason, DeliveryOutcome outcome)
    {
        var what = outcome switch
        {
            DeliveryOutcome.DeadLettered => "A message goes to the dead-letter topic",
            DeliveryOutcome.Delivered => "A message is kept raw in the target topic",
            _ => "A message is discarded",
        };
        Log.Refused(_logger, Spec.Id, reason);
        Tell(PipelineFactKind.Failure, FactSeverity.Warning, $"{what}: {reason}");
    }

    void ITaskClientObserver.OnClientChanged() => Guarded(Evaluate);

    void ITaskClientObserver.OnClientFact(FactSeverity severity, string text) => TellOfTask(PipelineFactKind.Session, severity, text);

    void ITaskClientObserver.OnClientFault(Exception exception) => Fail(exception);

    private void Settle(ReadOnlySpan<SinkReceipt> receipts)
    {
        var crew = Crew;
        Span<bool> touched = crew.Ordinals <= Crew.MostOrdinals ? stackalloc bool[crew.Ordinals] : new bool[crew.Ordinals];
        touched.Clear();
        var now = _time.GetTimestamp();
        lock (_gauges.Gate)
        {
            _gauges.Turn(now);
            foreach (ref readonly var receipt in receipts)
            {
                var ordinal = DeliveryTokens.Client(receipt.Token);
                if (crew.At(ordinal) is not { } client)
                {
                    continue;
                }

                var isSample = client.IsSample(receipt.Token, out var age);
                if (client.Settle(receipt.Token, receipt.Outcome, out var receivedAt))
                {
                    if (!touched[ordinal])
                    {
                        client.Latencies.Turn(now);
                        touched[ordinal] = true;
                    }

                    _gauges.Record(receipt.Outcome, client.Latencies, now - receivedAt);
                    if (isSample)
                    {
                        _gauges.RecordPublished(receipt.Outcome, client.Latencies, age, now - receivedAt);
                    }

                    if (receipt.Outcome == DeliveryOutcome.Discarded)
                    {
                        _discards[(int)receipt.Reason]++;
                    }
                }
            }
        }

        for (var ordinal = 0; ordinal < touched.Length; ordinal++)
        {
            if (touched[ordinal])
            {
                crew.At(ordinal)!.Release();
            }
        }
    }

    private void ApplySinkState()
    {
        SinkState state;
        bool opened;

        // Read and passed on as one: of two threads the one that read last must write last, or the flow stays as it was.
        lock (_gate)
        {
            state = _sink.State;
            var open = state.Condition == SinkCondition.Ready && _fault is null;
            opened = open && !_flow.IsOpen;
            _flow.IsOpen = open;
            if (state.Condition == SinkCondition.Lost && _recovering is null or { IsCompleted: true } && _retired is null)
            {
                _recovering = RecoverAsync();
            }
        }

        if (opened)
        {
            Array.ForEach(Crew.Present, client => client.Nudge());
        }

        if (state.Condition == SinkCondition.Stopped)
        {
            Stop(new PipelineFault(state.Cause ?? "The task stopped: a message was refused for good.", IsMendable: false));
        }

        Evaluate();
    }

    // One way back from everything that a producer cannot survive: the broker sends again, in order, what was open.
    private async Task RecoverAsync()
    {
        await Task.Yield();
        try
        {
            Log.Recovering(_logger, Spec.Id, _sink.State.Cause ?? "");
            Tell(PipelineFactKind.Notice, FactSeverity.Warning, $"A new producer is needed: {_sink.State.Cause} The sessions are closed; the broker keeps what was open.");
            await Task.WhenAll(Crew.Present.Select(client => client.SuspendAsync()));

            // A new producer may be lost at once, and while this runs nobody else begins a recovery.
            do
            {
                await RenewAsync();
            }
            while (_sink.State.Condition == SinkCondition.Lost);
            ApplySinkState();
            Array.ForEach(Crew.Present, client => client.Resume());
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private async Task RenewAsync()
    {
        while (true)
        {
            try
            {
                await _sink.RenewAsync(_stop.Token);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Tell(PipelineFactKind.Notice, FactSeverity.Warning, $"The new producer failed: {exception.Message}");
            }
        }
    }
}
