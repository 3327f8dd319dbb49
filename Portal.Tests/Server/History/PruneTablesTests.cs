using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.ConnectorTasks.Runs;
using Portal.Server.Data.Entities;
using Portal.Server.History;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.History;

public sealed class PruneTablesTests : IAsyncLifetime
{
    private TaskBench _bench = null!;
    private string _id = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _bench.Time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _bench = await TaskBench.StartAsync();
        _id = await _bench.CreateAsync();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Runs_MoreThanAreKept_AreAddedUpAndTheSumStays()
    {
        await _bench.WriteAsync(db => db.AddRange(Enumerable.Range(1, 250).Select(number => new TaskRun
        {
            TaskId = _id,
            RunId = Guid.NewGuid(),
            StartedAt = Now.AddMinutes(number),
            EndedAt = Now.AddMinutes(number + 1),
            End = number % 7 == 0 ? RunEnd.Crash : RunEnd.Stop,
            StoredAt = Now.AddMinutes(number + 1),
            Received = number * 3,
            Delivered = number,
            Abandoned = number * 2,
        })));
        var before = (await _bench.Get<TaskRunStore>().SumsAsync(Token))[_id];

        await PruneAsync();
        await PruneAsync();

        Assert.Equal(before, (await _bench.Get<TaskRunStore>().SumsAsync(Token))[_id]);
        var ends = await _bench.ReadAsync(db => db.TaskRuns.Where(run => run.TaskId == _id).OrderBy(run => run.Id).Select(run => run.End).ToListAsync(Token));
        Assert.Equal(101, ends.Count(end => end != RunEnd.Running));
        Assert.Equal(RunEnd.Folded, Assert.Single(ends, end => end == RunEnd.Folded));
    }

    [Fact]
    public async Task Events_OlderThanAreKept_AreForgotten()
    {
        await _bench.WriteAsync(db => db.Add(new TaskEventRow { TaskId = _id, At = Now, Kind = "Notice", Text = "old" }));
        _bench.Time.Advance(TimeSpan.FromDays(91));
        await _bench.WriteAsync(db => db.Add(new TaskEventRow { TaskId = _id, At = Now, Kind = "Notice", Text = "new" }));

        await PruneAsync();

        Assert.Equal(["new"], await _bench.ReadAsync(db => db.TaskEvents.Select(line => line.Text).ToListAsync(Token)));
    }

    [Fact]
    public async Task Operations_EndedLongAgo_AreForgottenButTheLastOfAConnection()
    {
        await _bench.WriteAsync(db =>
        {
            db.AddRange(Operation("op-old", Now), Operation("op-kept", Now), Operation("op-open", ended: null));
            db.Connections.Single(one => one.Id == "resource-aaaaaaaa").OperationId = "op-kept";
        });
        _bench.Time.Advance(TimeSpan.FromDays(91));

        await PruneAsync();

        Assert.Equal(["op-kept", "op-open"], await _bench.ReadAsync(db => db.Operations.Select(row => row.Id).Order().ToListAsync(Token)));
        Assert.Equal(2, await _bench.ReadAsync(db => db.OperationItems.CountAsync(Token)));
    }

    [Fact]
    public async Task Audit_OlderThanAYear_IsForgottenButForWhatTheServerMade()
    {
        await _bench.Tasks.PauseAsync([_id], Token);
        _bench.Time.Advance(TimeSpan.FromDays(366));
        await _bench.CreateAsync(Drafts.Valid with { Name = "young" });

        await PruneAsync();

        Assert.Equal(
            ["create line7-to-orders", "create young"],
            await _bench.ReadAsync(db => db.AuditEntries.OrderBy(entry => entry.Id).Select(entry => entry.Action + " " + entry.ObjectName).ToListAsync(Token)));
    }

    [Fact]
    public async Task Revisions_TheNewestHundredOfWhatIsThere_AreKept()
    {
        await _bench.WriteAsync(db =>
        {
            db.AddRange(Enumerable.Range(2, 119).Select(number => Revision(_id, number)));
            db.AddRange(Revision("task-gone0000", 1), Revision("mqtt-aaaaaaaa", 1));
        });

        await PruneAsync();

        Assert.Equal(["mqtt-aaaaaaaa", _id], await _bench.ReadAsync(db => db.Revisions.Select(row => row.ObjectId).Distinct().OrderBy(id => id).ToListAsync(Token)));
        var kept = await _bench.ReadAsync(db => db.Revisions.Where(row => row.ObjectId == _id).ToListAsync(Token));
        Assert.Equal((100, 21L, 120L), (kept.Count, kept.Min(row => row.Revision), kept.Max(row => row.Revision)));
    }

    [Fact]
    public async Task Checks_TheNewestHundredOfEachConnection_AreKept()
    {
        await _bench.WriteAsync(db => db.AddRange(Enumerable.Range(1, 120).Select(number => new ConnectionCheckRow
        {
            ConnectionId = "resource-aaaaaaaa",
            At = Now,
            Actor = $"{number}",
            Report = new ValidationReport([], 100, Finished: true, Passed: true),
        })));

        await PruneAsync();

        var kept = await _bench.ReadAsync(db => db.ConnectionChecks.OrderBy(row => row.Id).Select(row => row.Actor).ToListAsync(Token));
        Assert.Equal((100, "21", "120"), (kept.Count, kept[0], kept[^1]));
    }

    [Fact]
    public async Task Checks_TheNewestHundredOfEachKafkaInstance_AreKept()
    {
        await _bench.WriteAsync(db => db.AddRange(Enumerable.Range(1, 120).Select(number => new KafkaCheckRow
        {
            KafkaInstanceId = "ckafka-aaaaaaaa",
            At = Now,
            Actor = $"{number}",
            Report = new ValidationReport([], 100, Finished: true, Passed: true),
        })));

        await PruneAsync();

        var kept = await _bench.ReadAsync(db => db.KafkaChecks.OrderBy(row => row.Id).Select(row => row.Actor).ToListAsync(Token));
        Assert.Equal((100, "21", "120"), (kept.Count, kept[0], kept[^1]));
    }

    private static RevisionRow Revision(string id, long number) =>
        new() { ObjectId = id, Revision = number, At = default, Actor = "t", Settings = "{}" };

    private static OperationRow Operation(string id, DateTimeOffset? ended) => new()
    {
        Id = id,
        Title = "t",
        StartedBy = "t",
        StartedAt = default,
        EndedAt = ended,
        State = ended is null ? OperationState.Running : OperationState.Succeeded,
        Items = [new OperationItemRow { Position = 0, TargetId = "task-a", TargetName = "a" }],
    };

    private Task PruneAsync() => _bench.Hosted<PruneTables>().PruneAsync(Token);
}
