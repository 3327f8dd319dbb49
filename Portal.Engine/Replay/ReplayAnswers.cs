using Portal.Engine.Sinks;

namespace Portal.Engine.Replay;

/// <summary>Collects what the sink says to each message of a replay.</summary>
internal sealed class ReplayAnswers(int count) : ISinkListener
{
    private readonly Lock _gate = new();
    private readonly ReplayResult?[] _results = new ReplayResult?[count];
    private string? _heard;
    private int _answered;

    public bool IsComplete
    {
        get
        {
            lock (_gate)
            {
                return _answered == count;
            }
        }
    }

    /// <summary>The results; what has no answer has none because of <paramref name="silence"/>.</summary>
    public IReadOnlyList<ReplayResult> Results(string silence)
    {
        lock (_gate)
        {
            return [.. _results.Select(result => result ?? new ReplayResult(false, silence, IsRefused: false))];
        }
    }

    public void Refuse(int index, string why)
    {
        lock (_gate)
        {
            Answer_NeedsGate(index, new ReplayResult(false, why, IsRefused: true));
        }
    }

    public void OnReceipts(ReadOnlySpan<SinkReceipt> receipts)
    {
        lock (_gate)
        {
            foreach (ref readonly var receipt in receipts)
            {
                var result = receipt.Outcome == DeliveryOutcome.Delivered
                    ? new ReplayResult(true, null, IsRefused: false)
                    // The words come at most once a second, so most of many share the first's.
                    : new ReplayResult(false, _heard ?? "Kafka refused it again.", IsRefused: true);
                Answer_NeedsGate((int)receipt.Token.Value, result);
            }
        }
    }

    public void OnStateChanged(SinkState state)
    {
    }

    public void OnRefusal(string reason, DeliveryOutcome outcome)
    {
        lock (_gate)
        {
            _heard = reason;
        }
    }

    private void Answer_NeedsGate(int index, ReplayResult result)
    {
        _answered += _results[index] is null ? 1 : 0;
        _results[index] = result;
    }
}
