using BenchmarkDotNet.Attributes;
using Portal.Engine.Ledger;
using Portal.Engine.Sinks;

namespace Portal.Bench.Parts;

/// <summary>The ledger's part in one delivery, when a thousand are settled at a time as Kafka's reports settle them.</summary>
public class LedgerBenchmarks
{
    private const int Batch = 1000;

    private readonly DeliveryLedger _ledger = new(5000, 1, new ClientBooks(), new Nobody());
    private readonly uint[] _sequences = new uint[Batch];
    private int _id;

    [Benchmark(OperationsPerInvoke = Batch)]
    public int EnterSettleRelease()
    {
        for (var i = 0; i < Batch; i++)
        {
            _ledger.Enter((ushort)((_id++ % 65_000) + 1), 1, 256, 1, out _sequences[i]);
        }

        foreach (var sequence in _sequences)
        {
            _ledger.Settle(sequence, DeliveryOutcome.Delivered, out _);
        }

        return _ledger.Release();
    }

    private sealed class Nobody : IAcknowledger
    {
        public void Acknowledge(ReadOnlySpan<Acknowledgement> batch)
        {
        }
    }
}
