using Microsoft.Extensions.Time.Testing;
using Portal.Server.Live;

namespace Portal.Tests.Server.Live;

public class LatestValuesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LatestValues<Value> _values;

    public LatestValuesTests() => _values = new LatestValues<Value>(value => value.Id, _time);

    private sealed record Value(string Id, int Number);

    [Fact]
    public async Task Watch_AfterPublish_HasItInInitialAndNotAgainInChanges()
    {
        _values.Publish(new Value("a", 1));
        using var watch = _values.Watch();
        _values.Publish(new Value("b", 2));

        Assert.Equal([new Value("a", 1)], watch.Initial);
        Assert.Equal([new Value("b", 2)], await FirstAsync(watch.Changes));
    }

    [Fact]
    public async Task Watch_OfSomeKeys_SeesNothingOfTheOthers()
    {
        _values.Publish([new Value("a", 1), new Value("b", 1)]);
        using var watch = _values.Watch(new HashSet<string> { "a", "c" });
        _values.Publish([new Value("b", 2)]);
        _values.Publish([new Value("b", 3), new Value("c", 1)]);

        Assert.Equal([new Value("a", 1)], watch.Initial);
        Assert.Equal([new Value("c", 1)], await FirstAsync(watch.Changes));
    }

    [Fact]
    public async Task Changes_ReaderBehind_SeesTheNewestOfEachOnly()
    {
        using var watch = _values.Watch();
        for (var number = 0; number < 1000; number++)
        {
            _values.Publish(new Value("a", number));
            _values.Publish(new Value("b", -number));
        }

        Assert.Equal([new Value("a", 999), new Value("b", -999)], (await FirstAsync(watch.Changes)).OrderBy(value => value.Id));
    }

    [Fact]
    public async Task Changes_SecondBatch_WaitsForTheRest()
    {
        using var watch = _values.Watch();
        await using var changes = watch.Changes.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        _values.Publish(new Value("a", 1));
        Assert.True(await changes.MoveNextAsync());

        _values.Publish(new Value("a", 2));
        var second = changes.MoveNextAsync().AsTask();
        _values.Publish(new Value("a", 3));
        Assert.False(second.IsCompleted);
        _time.Advance(LiveWatcher<Value>.Rest);

        Assert.True(await second);
        Assert.Equal([new Value("a", 3)], changes.Current);
    }

    [Fact]
    public async Task Changes_ReaderBusyForAWhile_WaitsOnlyForWhatIsLeftOfTheRest()
    {
        using var watch = _values.Watch();
        await using var changes = watch.Changes.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        _values.Publish(new Value("a", 1));
        Assert.True(await changes.MoveNextAsync());
        _time.Advance(LiveWatcher<Value>.Rest * 0.75);
        _values.Publish(new Value("a", 2));

        var second = changes.MoveNextAsync().AsTask();
        Assert.False(second.IsCompleted);
        _time.Advance(LiveWatcher<Value>.Rest * 0.25);

        Assert.True(await second);
    }

    [Fact]
    public async Task Changes_OfASourceWithABeat_AreReadAtTheBeatSoon()
    {
        using var watch = _values.Watch();
        await using var changes = watch.Changes.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        _values.Publish(new Value("a", 0));
        Assert.True(await changes.MoveNextAsync());
        // The first came a moment before a beat.
        _time.Advance(LiveWatcher<Value>.Interval * 0.2);
        for (var beat = 1; beat <= 60; beat++)
        {
            _values.Publish(new Value("a", beat));
            var next = changes.MoveNextAsync().AsTask();
            if (await IsSoonAsync(next))
            {
                Assert.Equal([new Value("a", beat)], changes.Current);
                return;
            }

            for (var step = 0; step < 10; step++)
            {
                _time.Advance(LiveWatcher<Value>.Interval / 10);
                await IsSoonAsync(next);
            }

            Assert.True(await next);
        }

        Assert.Fail("The reader never came into step with the beat.");
    }

    // The clock of the test stands meanwhile: what comes now needs none of its time.
    private static async Task<bool> IsSoonAsync(Task<bool> next) =>
        await Task.WhenAny(next, Task.Delay(50, TestContext.Current.CancellationToken)) == next;

    [Fact]
    public async Task Changes_PublishedTogether_ReachAWaitingReaderTogether()
    {
        using var watch = _values.Watch();
        var first = FirstAsync(watch.Changes);

        _values.Publish([new Value("a", 1), new Value("b", 2), new Value("c", 3)]);

        Assert.Equal(["a", "b", "c"], (await first).Select(value => value.Id).Order());
    }

    [Fact]
    public async Task Dispose_WhileReading_EndsTheChangesWithoutAnException()
    {
        var watch = _values.Watch();
        await using var changes = watch.Changes.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var waiting = changes.MoveNextAsync().AsTask();
        watch.Dispose();
        watch.Dispose();

        Assert.False(await waiting);
    }

    [Fact]
    public async Task Dispose_InThePauseBetweenBatches_EndsTheChanges()
    {
        var watch = _values.Watch();
        await using var changes = watch.Changes.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        _values.Publish(new Value("a", 1));
        Assert.True(await changes.MoveNextAsync());
        var waiting = changes.MoveNextAsync().AsTask();
        watch.Dispose();

        Assert.False(await waiting);
    }

    [Fact]
    public async Task Remove_WithLastValue_TellsItOnceAndForgetsIt()
    {
        _values.Publish(new Value("a", 1));
        using var watch = _values.Watch();
        _values.Remove("a", new Value("a", 0));
        _values.Remove("a", new Value("a", 0));

        Assert.Equal([new Value("a", 0)], await FirstAsync(watch.Changes));
        Assert.Null(_values.Find("a"));
        using var later = _values.Watch();
        Assert.Empty(later.Initial);
    }

    [Fact]
    public async Task Watch_WhilePublishing_MissesNothing()
    {
        var publishing = Task.Run(() =>
        {
            for (var number = 1; number <= 20_000; number++)
            {
                _values.Publish(new Value("a", number));
            }
        }, TestContext.Current.CancellationToken);
        using var watch = _values.Watch();
        await publishing;
        var seen = watch.Initial.Count == 0 ? 0 : watch.Initial[0].Number;
        if (seen < 20_000)
        {
            seen = (await FirstAsync(watch.Changes))[0].Number;
        }

        Assert.Equal(20_000, seen);
    }

    private static async Task<IReadOnlyList<Value>> FirstAsync(IAsyncEnumerable<IReadOnlyList<Value>> changes) =>
        await changes.FirstAsync(TestContext.Current.CancellationToken);
}
