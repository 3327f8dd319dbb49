using Portal.Engine.Ledger;
using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;

namespace Portal.Tests.Engine.Ledger;

public class DeliveryLedgerTests
{
    private readonly ClientBooks _books = new();
    private readonly Answers _answers = new();
    private readonly DeliveryLedger _ledger;

    public DeliveryLedgerTests() => _ledger = new DeliveryLedger(4, 1, _books, _answers);

    [Fact]
    public void Release_SettledOutOfOrder_WaitsForTheHead()
    {
        var first = Enter(10);
        var second = Enter(11);

        _ledger.Settle(second, DeliveryOutcome.Delivered, out _);
        Assert.Equal(0, _ledger.Release());
        _ledger.Settle(first, DeliveryOutcome.Delivered, out _);

        Assert.Equal(2, _ledger.Release());
        Assert.Equal([10, 11], _answers.Ids);
    }

    [Fact]
    public void Enter_OpenPacketId_IsATwinUntilItIsReleased()
    {
        var first = Enter(10);

        Assert.Equal(EnterResult.Twin, _ledger.Enter(10, 1, 0, 0, out _));
        _ledger.Settle(first, DeliveryOutcome.Delivered, out _);
        Assert.Equal(EnterResult.Twin, _ledger.Enter(10, 1, 0, 0, out _));
        _ledger.Release();

        Assert.Equal(EnterResult.Entered, _ledger.Enter(10, 1, 0, 0, out _));
        Assert.Equal(new PipelineBooks(2, 1, 0, 0, 0, 0, 0, 1, 2), _books.Read().Books);
    }

    [Fact]
    public void Enter_FullWindow_TakesNothing()
    {
        for (ushort id = 1; id <= 4; id++)
        {
            Enter(id);
        }

        Assert.Equal(EnterResult.Full, _ledger.Enter(5, 1, 0, 0, out _));
        Assert.Equal(4, _books.Read().Books.Received);
    }

    [Fact]
    public void Release_QosZero_AnswersNothingAndCloses()
    {
        _ledger.Enter(0, 0, 3, 0, out var sequence);
        _ledger.Settle(sequence, DeliveryOutcome.Filtered, out _);

        Assert.Equal(1, _ledger.Release());
        Assert.Empty(_answers.Ids);
        Assert.Equal(1, _books.Read().Books.Filtered);
    }

    [Fact]
    public void Settle_Twice_CountsOnce()
    {
        var sequence = Enter(1);

        Assert.True(_ledger.Settle(sequence, DeliveryOutcome.Delivered, out _));
        Assert.False(_ledger.Settle(sequence, DeliveryOutcome.DeadLettered, out _));
        _ledger.Release();

        Assert.False(_ledger.Settle(sequence, DeliveryOutcome.DeadLettered, out _));
        Assert.Equal(1, _books.Read().Books.Delivered);
    }

    [Fact]
    public void Settle_NameOfAnEarlierTenantOfTheSlot_ChangesNothing()
    {
        var old = Enter(1);
        _ledger.Settle(old, DeliveryOutcome.Delivered, out _);
        _ledger.Release();
        for (ushort id = 2; id <= 5; id++)
        {
            Enter(id);
        }

        Assert.False(_ledger.Settle(old, DeliveryOutcome.Delivered, out _));
        Assert.Equal(0, _ledger.Release());
    }

    [Fact]
    public void Abandon_SettledButNotReleased_IsBookedAsItEnded()
    {
        Enter(1);
        _ledger.Settle(Enter(2), DeliveryOutcome.Delivered, out _);

        _ledger.Abandon();
        _ledger.Abandon();

        Assert.Equal(new PipelineBooks(2, 1, 0, 0, 0, 0, 1, 0, 0), _books.Read().Books);
        Assert.Empty(_answers.Ids);
    }

    [Fact]
    public async Task Books_TwoThreadsAtFullSpeed_BalanceInEveryPhoto()
    {
        var ledger = new DeliveryLedger(1000, 1, _books, _answers);
        var sequences = new System.Collections.Concurrent.ConcurrentQueue<uint>();
        using var done = new CancellationTokenSource();
        var settling = Task.Run(() =>
        {
            while (!done.IsCancellationRequested || !sequences.IsEmpty)
            {
                while (sequences.TryDequeue(out var sequence))
                {
                    ledger.Settle(sequence, DeliveryOutcome.Delivered, out _);
                }

                ledger.Release();
            }
        }, CancellationToken.None);
        var worst = 0L;
        var reading = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                worst = Math.Max(worst, Math.Abs(_books.Read().Books.Unaccounted));
            }
        }, CancellationToken.None);

        for (var entered = 0; entered < 300_000;)
        {
            if (ledger.Enter(0, 0, 1, 0, out var sequence) == EnterResult.Entered)
            {
                sequences.Enqueue(sequence);
                entered++;
            }
        }

        await done.CancelAsync();
        await Task.WhenAll(settling, reading);
        Assert.Equal(0, worst);
        Assert.Equal(300_000, _books.Read().Books.Delivered);
    }

    [Fact]
    public void EnterSettleRelease_SteadyState_AllocateNothing()
    {
        RoundTrip(10_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        RoundTrip(10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void RoundTrip(int count)
    {
        _answers.Keep = false;
        for (var i = 0; i < count; i++)
        {
            _ledger.Enter((ushort)(i % 65535 + 1), 1, 10, i, out var sequence);
            _ledger.Settle(sequence, DeliveryOutcome.Delivered, out _);
            _ledger.Release();
        }
    }

    private uint Enter(ushort id)
    {
        Assert.Equal(EnterResult.Entered, _ledger.Enter(id, 1, 0, 0, out var sequence));
        return sequence;
    }

    private sealed class Answers : IAcknowledger
    {
        public List<int> Ids { get; } = [];

        public bool Keep { get; set; } = true;

        public void Acknowledge(ReadOnlySpan<Acknowledgement> batch)
        {
            foreach (var acknowledgement in batch)
            {
                if (Keep)
                {
                    Ids.Add(acknowledgement.PacketId);
                }
            }
        }
    }
}
