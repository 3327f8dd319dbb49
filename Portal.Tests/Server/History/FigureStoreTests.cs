using FsCheck;
using FsCheck.Fluent;
using Portal.Server.History;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.History;

public sealed class FigureStoreTests : IDisposable
{
    private const long Midnight = 1_790_000_400 / 86_400 * 86_400;
    private readonly ServerDatabase _database = new();
    private readonly FigureStore _store;

    public FigureStoreTests() => _store = new FigureStore(_database);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Read_IdleStepAndStepInWhichTheServerWasOff_DifferAsZeroAndGap()
    {
        await AppendAsync(0, Some(10));
        await AppendAsync(5, null);
        await AppendAsync(15, Some(4));

        var rows = await ReadAsync(FigureStep.FiveSeconds, 20);

        Assert.Equal([(0L, 10L), (5, 0), (15, 4)], rows.Select(row => (row.Slot - Midnight, row.Figures.Received)));
    }

    [Fact]
    public async Task Append_SameStepTwice_AddsUp()
    {
        await AppendAsync(0, Some(10));
        await AppendAsync(0, Some(5));

        var row = Assert.Single(await ReadAsync(FigureStep.FiveSeconds, 5));

        Assert.Equal((15, 10), (row.Figures.Received, row.Figures.Seconds));
    }

    [Fact]
    public async Task Read_WhatIsNotYetRolledUp_IsAddedUpOnTheWay()
    {
        for (var second = 0; second < 90; second += 5)
        {
            await AppendAsync(second, Some(1));
        }

        await _store.RollUpAsync(At(90), Token);
        var rows = await ReadAsync(FigureStep.OneMinute, 90);

        Assert.Equal([(12L, 60L), (6, 30)], rows.Select(row => (row.Figures.Received, row.Figures.Seconds)));
    }

    [Fact]
    public async Task RollUp_Latency_WeighsTheMiddleAndKeepsTheHighest()
    {
        await AppendAsync(0, Some(10) with { Confirmed = 30, P50 = 2_000, P95 = 3_000, P99 = 4_000 });
        await AppendAsync(5, Some(10) with { Confirmed = 10, P50 = 6_000, P95 = 9_000, P99 = 9_500 });
        await AppendAsync(10, Some(10) with { Confirmed = 0 });
        await _store.RollUpAsync(At(60), Token);

        var minute = Assert.Single(await ReadAsync(FigureStep.OneMinute, 60)).Figures;

        Assert.Equal((3_000L, 9_000L, 9_500L), (minute.P50, minute.P95, minute.P99));
    }

    [Fact]
    public async Task Prune_OldSteps_AreForgottenOnceTheyAreAddedUp()
    {
        await AppendAsync(0, Some(7));
        var later = At((long)TimeSpan.FromHours(25).TotalSeconds);
        await _store.RollUpAsync(later, Token);
        await _store.PruneAsync(later, new RetentionOptions(), Token);

        Assert.Empty(await ReadAsync(FigureStep.FiveSeconds, 60));
        Assert.Equal(7, Assert.Single(await ReadAsync(FigureStep.OneMinute, 60)).Figures.Received);
        Assert.Equal(7, Assert.Single(await ReadAsync(FigureStep.TenMinutes, 600)).Figures.Received);
    }

    [Fact]
    public void Join_AnyRows_KeepsTheSumOfEveryCount() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        Gen.Choose(0, 400).Zip(Gen.Choose(0, 50)).ListOf().Select(list => list.OrderBy(pair => pair.Item1).ToList()).ToArbitrary(),
        list =>
        {
            var rows = list.ConvertAll(pair => new FigureRow(Midnight + (pair.Item1 * 5), Some(pair.Item2)));
            var minutes = FigureRow.Join(rows, FigureStep.OneMinute);
            var tens = FigureRow.Join(minutes, FigureStep.TenMinutes);
            return Sums(rows) == Sums(minutes) && Sums(rows) == Sums(tens)
                && minutes.Select(row => row.Slot).Distinct().Count() == minutes.Count
                && minutes.All(row => row.Slot % 60 == 0) && tens.All(row => row.Slot % 600 == 0);
        }));

    [Fact]
    public void RollUp_InAnyRounds_KeepsTheSumAndEqualsTheJoin() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(10), Prop.ForAll(
        Gen.Choose(0, 30).ListOf(60).ToArbitrary(),
        Gen.Choose(1, 20).ToArbitrary(),
        (counts, every) =>
        {
            using var database = new ServerDatabase();
            var store = new FigureStore(database);
            foreach (var (index, count) in counts.Index())
            {
                var slot = index * 25;
                Run(store.AppendAsync(Midnight + slot, Rows(count == 0 ? null : Some(count)), CancellationToken.None));
                if (index % every == 0)
                {
                    Run(store.RollUpAsync(At(slot + 5), CancellationToken.None));
                }
            }

            Run(store.RollUpAsync(At(3_600), CancellationToken.None));
            var fine = Run(store.ReadAsync("task-a", FigureStep.FiveSeconds, At(0), At(3_600), CancellationToken.None));
            var minutes = Run(store.ReadAsync("task-a", FigureStep.OneMinute, At(0), At(3_600), CancellationToken.None));
            var tens = Run(store.ReadAsync("task-a", FigureStep.TenMinutes, At(0), At(3_600), CancellationToken.None));
            return counts.Sum() == Sums(fine).Received && Sums(fine) == Sums(minutes) && Sums(fine) == Sums(tens)
                && minutes.SequenceEqual(FigureRow.Join(fine, FigureStep.OneMinute));
        }));

    private static (long Seconds, long Received, long Confirmed, long Bytes, long Dead, long Reconnects) Sums(IReadOnlyCollection<FigureRow> rows) => (
        rows.Sum(row => row.Figures.Seconds),
        rows.Sum(row => row.Figures.Received),
        rows.Sum(row => row.Figures.Confirmed),
        rows.Sum(row => row.Figures.Bytes),
        rows.Sum(row => row.Figures.DeadLettered),
        rows.Sum(row => row.Figures.Reconnects));

    private static T Run<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Run(Task task) => task.GetAwaiter().GetResult();

    private static DateTimeOffset At(long second) => DateTimeOffset.FromUnixTimeSeconds(Midnight + second);

    private static Figures Some(long count) => new()
    {
        Received = count,
        Confirmed = count,
        Bytes = count * 100,
        Open = count,
        P50 = 1_000,
        P95 = 2_000,
        P99 = 3_000,
        DeadLettered = count / 3,
        Reconnects = count / 7,
    };

    private static List<(string, Figures)> Rows(Figures? figures)
    {
        List<(string, Figures)> rows = [(FigureStore.Everything, (figures ?? default) with { Seconds = 5 })];
        if (figures is { } some)
        {
            rows.Add(("task-a", some));
        }

        return rows;
    }

    private Task AppendAsync(long second, Figures? figures) => _store.AppendAsync(Midnight + second, Rows(figures), Token);

    private Task<IReadOnlyList<FigureRow>> ReadAsync(FigureStep step, long until) => _store.ReadAsync("task-a", step, At(0), At(until), Token);
}
