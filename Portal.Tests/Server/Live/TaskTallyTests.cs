using Microsoft.Extensions.Time.Testing;
using Portal.Client.Contracts;
using Portal.Server.Live;
using Portal.Tests.Client;

namespace Portal.Tests.Server.Live;

public class TaskTallyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskTally _tally;
    private readonly LatestValues<ConnectorTaskLive> _tasks;

    public TaskTallyTests()
    {
        _tally = new TaskTally(_time);
        _tasks = new LatestValues<ConnectorTaskLive>(live => live.Id, _time, _tally.Take);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TaskTotals Now
    {
        get
        {
            using var watch = _tally.Watch();
            return watch.Initial;
        }
    }

    [Fact]
    public void Totals_OfAnyChanges_AreThoseOfTheTasksAsTheyAre()
    {
        var random = new Random(7);
        var statuses = Enum.GetValues<ConnectorTaskStatus>();
        for (var step = 0; step < 2_000; step++)
        {
            var id = $"task-{random.Next(40)}";
            if (random.Next(5) == 0)
            {
                _tasks.Remove(id);
            }
            else
            {
                _tasks.Publish(SampleTasks.Live(id, statuses[random.Next(statuses.Length)]) with { InPerSecond = random.Next(1_000) / 10.0, OutPerSecond = random.Next(1_000) / 10.0 });
            }
        }

        var all = _tasks.All();
        Assert.Equal(all.GroupBy(task => task.Status).ToDictionary(group => group.Key, group => group.Count()), Now.ByStatus);
        Assert.Equal(all.Sum(task => (decimal)task.InPerSecond), (decimal)Now.InPerSecond);
        Assert.Equal(all.Sum(task => (decimal)task.OutPerSecond), (decimal)Now.OutPerSecond);
    }

    [Fact]
    public void Moves_CountComingGoingAndStatus_NotFigures()
    {
        _tasks.Publish(SampleTasks.Live("task-a"));
        Assert.Equal(1, Now.Moves);
        _tasks.Publish(SampleTasks.Live("task-a") with { InPerSecond = 5 });
        Assert.Equal(1, Now.Moves);
        _tasks.Publish(SampleTasks.Live("task-a", ConnectorTaskStatus.Failed));
        Assert.Equal(2, Now.Moves);
        _tasks.Remove("task-a");
        _tasks.Remove("task-a");
        Assert.Equal(3, Now.Moves);
        Assert.Empty(Now.ByStatus);
    }

    [Fact]
    public async Task Tell_WhenNothingChanges_BeatsOnceASecond()
    {
        using var watch = _tally.Watch();
        var heard = 0;
        var reading = Task.Run(
            async () =>
            {
                await foreach (var _ in watch.Changes)
                {
                    Interlocked.Increment(ref heard);
                }
            },
            Token);

        _tally.Tell();
        await Eventually.TrueAsync(() => Volatile.Read(ref heard) == 1, "the first beat");
        for (var beat = 2; beat <= 3; beat++)
        {
            for (var look = 0; look < 4; look++)
            {
                _time.Advance(TimeSpan.FromMilliseconds(250));
                _tally.Tell();
            }

            await Eventually.TrueAsync(() => Volatile.Read(ref heard) == beat, "one beat of four looks");
        }

        watch.Dispose();
        await reading;
        Assert.Equal(3, heard);
    }
}
