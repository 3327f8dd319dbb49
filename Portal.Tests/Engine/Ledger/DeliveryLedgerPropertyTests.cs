using FsCheck;
using FsCheck.Fluent;
using Portal.Engine.Ledger;
using Portal.Engine.Sinks;

namespace Portal.Tests.Engine.Ledger;

/// <summary>The invariants of the ledger under any order of entering, settling, releasing, resending and losing the session.</summary>
public class DeliveryLedgerPropertyTests
{
    private const int Window = 7;

    [Fact]
    public void Acknowledged_AnyHistory_IsAPrefixOfReceived() => Check(run =>
        run.Acknowledged.SequenceEqual(run.Received.Take(run.Acknowledged.Count)));

    [Fact]
    public void Acknowledged_AnyHistory_HoldsOnlyWhatWasSettled() => Check(run =>
        run.Acknowledged.Count <= run.SettledFromTheHead);

    [Fact]
    public void Open_AnyHistory_NeverExceedsTheWindow() => Check(run => run.MostOpen <= Window);

    [Fact]
    public void Books_AnyHistory_BalanceAfterEveryStep() => Check(run => run.WorstUnaccounted == 0);

    [Fact]
    public void Acknowledged_AfterAbandon_DoesNotGrow() => Check(run =>
    {
        run.Ledger.Abandon();
        var before = run.Acknowledged.Count;
        var books = run.Books.Read();
        foreach (var sequence in run.Sequences)
        {
            Assert.False(run.Ledger.Settle(sequence, DeliveryOutcome.Delivered, out _));
        }

        run.Ledger.Release();
        return run.Acknowledged.Count == before && run.Books.Read() == books && books.Books.Open == 0;
    });

    private static void Check(Func<LedgerRun, bool> holds) =>
        Prop.ForAll<int[]>(steps => holds(LedgerRun.Of(steps))).QuickCheckThrowOnFailure();

    private sealed class LedgerRun : IAcknowledger
    {
        private readonly HashSet<ushort> _settled = [];
        private int _worst;

        private LedgerRun() => Ledger = new DeliveryLedger(Window, 1, Books, this);

        public ClientBooks Books { get; } = new();

        public DeliveryLedger Ledger { get; }

        public List<ushort> Received { get; } = [];

        public List<uint> Sequences { get; } = [];

        public List<ushort> Acknowledged { get; } = [];

        public int MostOpen { get; private set; }

        public int WorstUnaccounted => _worst;

        public int SettledFromTheHead => Received.TakeWhile(_settled.Contains).Count();

        public static LedgerRun Of(int[] steps)
        {
            var run = new LedgerRun();
            foreach (var step in steps)
            {
                run.Step(Math.Abs(step % 100));
            }

            return run;
        }

        public void Acknowledge(ReadOnlySpan<Acknowledgement> batch)
        {
            foreach (var acknowledgement in batch)
            {
                Acknowledged.Add(acknowledgement.PacketId);
            }
        }

        private void Step(int step)
        {
            switch (step % 4)
            {
                case 0 or 1:
                    var id = (ushort)(Received.Count + 1);
                    if (Ledger.Enter(id, 1, 10, 0, out var sequence) == EnterResult.Entered)
                    {
                        Received.Add(id);
                        Sequences.Add(sequence);
                    }

                    break;
                case 2 when Sequences.Count > 0:
                    var which = step % Sequences.Count;
                    if (Ledger.Settle(Sequences[which], (DeliveryOutcome)(step % 5), out _))
                    {
                        _settled.Add(Received[which]);
                    }

                    break;
                case 3:
                    Ledger.Release();
                    break;
            }

            MostOpen = Math.Max(MostOpen, Ledger.Open);
            _worst = Math.Max(_worst, (int)Math.Abs(Books.Read().Books.Unaccounted));
        }
    }
}
