using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Reading;
using Portal.Engine.Sinks.Failures;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data.Entities;
using Portal.Server.DeadLetters;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.DeadLetters;

public sealed class DeadLetterServiceTests : IAsyncLifetime
{
    private const string Topic = "line7.dlq";
    private static readonly DateTimeOffset Then = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);
    private readonly ServiceBench _bench = new();
    private readonly FakeTopicReader _reader = new();
    private readonly FakeMessageReplay _kafka = new();
    private readonly ReplayTurns _turns = new();
    private readonly DeadLetterReplay _replay;
    private readonly DeadLetterService _service;
    private ConnectorTask _task = null!;

    public DeadLetterServiceTests()
    {
        var places = new DeadLetterPlaces(new TaskSpecs(_bench.Database, _bench.Specs));
        var letters = new DeadLetterTopic(_bench.Database, _reader);
        _replay = new DeadLetterReplay(_bench.Database, letters, _kafka, _bench.Time);
        var overview = new DeadLetterOverview(_bench.Database, places, letters, _bench.Time);
        // Operations have tests of their own; what they run is DeadLetterReplay.
        _service = new DeadLetterService(_bench.Database, places, letters, _replay, overview, _kafka, null!, _turns, _bench.Gate, _bench.Audit, _bench.Time);
        _reader.Topics[Topic] = [];
    }

    private static Task<bool> GoOn => Task.FromResult(true);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _bench.Database.AddMqttClusterAsync();
        await _bench.Database.AddKafkaInstanceAsync();
        await _bench.Database.AddAsync(new Connection { Id = "resource-plant001", Name = "plant", MqttClusterId = "mqtt-plant001", CreatedBy = "anna" });
        _task = await _bench.Database.AddConnectorTaskAsync("line7");
    }

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task List_OwnLettersOnly_NewestFirstAndGroupedByReasonWithoutItsNumbers()
    {
        Add("a", "too-large", "The record has 100 bytes.");
        Add("b", "too-large", "The record has 200 bytes.");
        Add("c", "mapping-failed", "No JSON.");
        Add("d", "mapping-failed", "No JSON.", task: "task-other001");
        _reader.Topics[Topic].Add(new TopicRecord(0, 99, 1, null, [], null, 0));

        var page = (await ListAsync()).Value!;

        Assert.Equal([2, 1, 0], page.Items.Select(letter => letter.Key.Offset));
        Assert.Equal([("too-large", 2), ("mapping-failed", 1)], page.Groups.Select(group => (group.Code, group.Count)));
        var one = (await _service.ListAsync(_task.Id, new DeadLetterFilter { Group = page.Groups[1].Id }, 1, 20, Stop)).Value!;
        Assert.Equal((1, 2), (one.Total, one.Groups.Count));
        Assert.Single((await _service.ListAsync(_task.Id, new DeadLetterFilter(), 2, 2, Stop)).Value!.Items);
    }

    [Fact]
    public async Task List_TopicMissing_IsEmpty_AndSilentKafkaIsNot()
    {
        _reader.Topics.Clear();
        Assert.Equal(0, (await ListAsync()).Value!.Total);

        _reader.Cause = "Kafka did not answer.";

        Assert.Equal((CommandOutcome.Refused, "Kafka did not answer."), ((await ListAsync()).Outcome, (await ListAsync()).Text));
    }

    [Fact]
    public async Task Retry_One_IsSentRememberedAndAudited()
    {
        Add("a");
        Add("b");

        var result = await _service.RetryAsync(_task.Id, Only(0), Stop);

        Assert.True(result.IsAccepted, result.Text);
        Assert.Equal([("plant/1", "a")], _kafka.Sent);
        Assert.Equal([1], (await ListAsync()).Value!.Items.Select(letter => letter.Key.Offset));
        Assert.Equal(("retry", "done", "task"), ((await _bench.AuditAsync())[^1].Action, (await _bench.AuditAsync())[^1].Result, (await _bench.AuditAsync())[^1].ObjectKind));
        Assert.Equal(CommandOutcome.NotFound, (await _service.RetryAsync(_task.Id, Only(0), Stop)).Outcome);
    }

    [Fact]
    public async Task Retry_RefusedAgain_StillWaitsAndSaysWhy()
    {
        Add("a");
        _kafka.Refused.Add("a");

        var result = await _service.RetryAsync(_task.Id, Only(0), Stop);

        Assert.Equal((CommandOutcome.Refused, "It is refused. The dead letter waits as before."), (result.Outcome, result.Text));
        Assert.Equal(1, (await ListAsync()).Value!.Total);
        Assert.Equal("failed", (await _bench.AuditAsync())[^1].Result);
    }

    [Fact]
    public async Task Replay_AllMatching_RemembersExactlyWhatKafkaConfirmed()
    {
        for (var number = 0; number < 1_203; number++)
        {
            Add($"m{number}");
        }

        _kafka.Refused.UnionWith(["m7", "m900"]);
        var place = await PlaceAsync();
        var steps = new List<int>();

        var sum = await _replay.RunAsync(place, new DeadLetterFilter(), "anna", so => Told(so.Sent), Stop);

        Assert.Equal((1_201, 2, true), (sum.Sent, sum.Refused, sum.IsComplete));
        Assert.Equal([499, 998, 1_201], steps);
        Assert.Equal(Enumerable.Range(0, 1_203).Where(number => number is not (7 or 900)).Select(number => $"m{number}"), _kafka.Sent.Select(sent => sent.Payload));
        Assert.Equal([900, 7], (await ListAsync()).Value!.Items.Select(letter => letter.Key.Offset));

        Task<bool> Told(int sent)
        {
            steps.Add(sent);
            return GoOn;
        }
    }

    [Fact]
    public async Task Replay_EachBatch_ContinuesWhereTheLastEnded()
    {
        for (var number = 0; number < 1_203; number++)
        {
            Add($"m{number}");
        }

        var froms = new List<long>();
        _kafka.OnSend = () => froms.Add(_reader.Scans[^1].Scan.Choose(new PartitionSpan(0, 0, 1_203)).From);
        await _replay.RunAsync(await PlaceAsync(), new DeadLetterFilter(), "anna", _ => GoOn, Stop);

        Assert.Equal([500, 1_000, 1_203], froms);
    }

    [Fact]
    public async Task Replay_LettersThatComeMeanwhile_AreLeftForTheNext()
    {
        for (var number = 0; number < 500; number++)
        {
            Add($"m{number}");
        }

        _kafka.OnSend = () => Add("late");
        var sum = await _replay.RunAsync(await PlaceAsync(), new DeadLetterFilter(), "anna", _ => GoOn, Stop);

        Assert.Equal((500, true), (sum.Sent, sum.IsComplete));
        Assert.Equal(1, (await ListAsync()).Value!.Total);
    }

    [Fact]
    public async Task Replay_OneOfABatchMarkedByAnother_RemembersAllOthers()
    {
        Add("a");
        Add("b");
        Add("c");
        // Somebody discards one between the reading and the mark.
        _kafka.OnSend = () => _service.DiscardAsync(_task.Id, Only(1), Stop).GetAwaiter().GetResult();

        var sum = await _replay.RunAsync(await PlaceAsync(), new DeadLetterFilter(), "anna", _ => GoOn, Stop);

        Assert.Equal((3, true), (sum.Sent, sum.IsComplete));
        Assert.Equal(0, (await ListAsync()).Value!.Total);
        Assert.Equal(3, await _bench.Database.ReadAsync(db => db.DeadLetterMarks.CountAsync()));
    }

    [Fact]
    public async Task Replay_StoppedBetweenBatches_RemembersWhatIsSentAndLeavesTheRest()
    {
        for (var number = 0; number < 700; number++)
        {
            Add($"m{number}");
        }

        var sum = await _replay.RunAsync(await PlaceAsync(), new DeadLetterFilter(), "anna", _ => Task.FromResult(false), Stop);

        Assert.Equal((500, false, true), (sum.Sent, sum.IsComplete, sum.IsStopped));
        Assert.Equal(200, (await ListAsync()).Value!.Total);
    }

    [Fact]
    public async Task Replay_CancelledWhileKafkaConfirms_RemembersTheBatchBeforeItEnds()
    {
        for (var number = 0; number < 700; number++)
        {
            Add($"m{number}");
        }

        using var stop = new CancellationTokenSource();
        _kafka.OnSend = stop.Cancel;
        var place = await PlaceAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _replay.RunAsync(place, new DeadLetterFilter(), "anna", _ => GoOn, stop.Token));

        Assert.Equal(500, _kafka.Sent.Count);
        Assert.Equal(200, (await ListAsync()).Value!.Total);
    }

    [Fact]
    public async Task Retry_WhileAnotherIsUnderWay_IsRefusedInWordsThatNameIt()
    {
        Add("a");
        await _bench.Database.AddAsync(new OperationRow
        {
            Id = "op-running1",
            Kind = OperationKind.RetryDeadLetters,
            Title = "Send dead letters of task line7 again",
            State = OperationState.Running,
            StartedBy = "anna",
            StartedAt = _bench.Time.GetUtcNow(),
            Items = [new OperationItemRow { Position = 0, TargetId = _task.Id, TargetName = "line7" }],
        });

        var all = await _service.RetryAsync(_task.Id, new DeadLetterFilter(), Stop);
        using var turn = _turns.TryTake(_task.Id, "operation op-running1", out _);
        var one = await _service.RetryAsync(_task.Id, Only(0), Stop);

        Assert.Equal((CommandOutcome.Refused, CommandOutcome.Refused), (all.Outcome, one.Outcome));
        Assert.Contains("op-running1", all.Text, StringComparison.Ordinal);
        Assert.Contains("op-running1", one.Text, StringComparison.Ordinal);
        Assert.Empty(_kafka.Sent);
    }

    [Fact]
    public async Task Replay_KafkaSilentInTheMiddle_StopsAndTheNextGoesOn()
    {
        Add("a");
        Add("b");
        _kafka.Silent.Add("b");
        var place = await PlaceAsync();

        var sum = await _replay.RunAsync(place, new DeadLetterFilter(), "anna", _ => GoOn, Stop);
        Assert.Equal((1, false, "Kafka does not answer."), (sum.Sent, sum.IsComplete, sum.Why));
        _kafka.Silent.Clear();
        sum = await _replay.RunAsync(place, new DeadLetterFilter(), "anna", _ => GoOn, Stop);

        Assert.Equal((1, true), (sum.Sent, sum.IsComplete));
        Assert.Equal(["a", "b"], _kafka.Sent.Select(sent => sent.Payload));
    }

    [Fact]
    public async Task Replay_KilledBeforeItIsRemembered_SendsAgainRatherThanLosing()
    {
        Add("a");
        _kafka.OnSend = () => throw new InvalidOperationException("killed");
        var place = await PlaceAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _replay.RunAsync(place, new DeadLetterFilter(), "anna", _ => GoOn, Stop));
        Assert.Equal(1, (await ListAsync()).Value!.Total);

        _kafka.OnSend = null;
        await _replay.RunAsync(place, new DeadLetterFilter(), "anna", _ => GoOn, Stop);

        Assert.Equal(0, (await ListAsync()).Value!.Total);
    }

    [Fact]
    public async Task DryRun_CountsBothAndSendsNothing()
    {
        Add("a");
        Add("b");
        Add("c");
        _kafka.Refused.Add("b");

        var run = (await _service.DryRunAsync(_task.Id, new DeadLetterFilter(), Stop)).Value!;

        Assert.Equal((2, 1, "It is refused."), (run.Pass, run.Fail, Assert.Single(run.Reasons)));
        Assert.Empty(_kafka.Sent);
    }

    [Fact]
    public async Task EditAndRetry_SendsTheEditedAndAuditsHashesInsteadOfPayloads()
    {
        Add("secret payload");

        var result = await _service.EditAndRetryAsync(_task.Id, new DeadLetterKey(0, 0), new DeadLetterEdit { MqttTopic = "plant/2", Payload = "mended"u8.ToArray() }, Stop);

        Assert.True(result.IsAccepted, result.Text);
        Assert.Equal([("plant/2", "mended")], _kafka.Sent);
        var entry = (await _bench.AuditAsync())[^1];
        Assert.Contains("plant/1 → plant/2", entry.Change);
        Assert.Contains("SHA-256", entry.Change);
        Assert.DoesNotContain("secret payload", entry.Change);
        Assert.Equal("MqttTopic", Assert.Single((await _service.EditAndRetryAsync(_task.Id, new DeadLetterKey(0, 0), new DeadLetterEdit { MqttTopic = "a/#" }, Stop)).Errors).Field);
    }

    [Fact]
    public async Task Discard_Matching_LeavesTheRest()
    {
        Add("a", "too-large", "Large.");
        Add("b", "mapping-failed", "No JSON.");
        var group = (await ListAsync()).Value!.Groups.Single(one => one.Code == "too-large").Id;

        var result = await _service.DiscardAsync(_task.Id, new DeadLetterFilter { Group = group }, Stop);

        Assert.Equal("1 discarded.", result.Text);
        Assert.Equal("mapping-failed", Assert.Single((await ListAsync()).Value!.Items).Code);
        Assert.Empty(_kafka.Sent);
    }

    [Fact]
    public async Task Marks_KafkaDeletedTheLetters_AreForgotten()
    {
        Add("a");
        Add("b");
        await _service.DiscardAsync(_task.Id, Only(0), Stop);
        Assert.Equal(1, await _bench.Database.ReadAsync(db => db.DeadLetterMarks.CountAsync()));

        _reader.Low = 1;
        await ListAsync();

        Assert.Equal(0, await _bench.Database.ReadAsync(db => db.DeadLetterMarks.CountAsync()));
    }

    [Fact]
    public async Task Marks_TopicMadeAnew_DoNotHideTheNewLetters()
    {
        Add("a");
        await _service.DiscardAsync(_task.Id, Only(0), Stop);
        _reader.Topics[Topic][0] = _reader.Topics[Topic][0] with { Timestamp = 5_000_000 };

        Assert.Equal(1, (await ListAsync()).Value!.Total);
    }

    [Fact]
    public async Task Viewer_MayLookButNotDecide()
    {
        Add("a");
        _bench.Actor.Who = ServerDatabase.Vera;

        Assert.Equal(CommandOutcome.Accepted, (await ListAsync()).Outcome);
        Assert.Equal("a"u8.ToArray(), (await _service.FindAsync(_task.Id, new DeadLetterKey(0, 0), Stop)).Value!.Record.Value);
        Assert.Equal(CommandOutcome.Forbidden, (await _service.RetryAsync(_task.Id, Only(0), Stop)).Outcome);
        Assert.Equal(CommandOutcome.Forbidden, (await _service.DiscardAsync(_task.Id, Only(0), Stop)).Outcome);
        Assert.Equal(CommandOutcome.Forbidden, (await _service.EditAndRetryAsync(_task.Id, new DeadLetterKey(0, 0), new DeadLetterEdit(), Stop)).Outcome);
        Assert.Empty(_kafka.Sent);
    }

    [Fact]
    public async Task Export_IsAuditedAndSafeToOpen()
    {
        Add("=cmd()");

        var letters = (await _service.ExportAsync(_task.Id, new DeadLetterFilter(), Stop)).Value!;

        Assert.Contains(",'=cmd()\r\n", DeadLetterFile.Csv(letters));
        Assert.Equal("export", (await _bench.AuditAsync())[^1].Action);
    }

    [Fact]
    public async Task Time_NarrowsListFiguresExportDryRunReplayAndDiscardAlike()
    {
        _bench.Time.SetUtcNow(Then.AddHours(30));
        Add("old", at: Then);
        Add("in", at: Then.AddHours(28));
        Add("also in", at: Then.AddHours(29.5));
        Add("new", at: Then.AddHours(29.9));
        var filter = new DeadLetterFilter { From = Then.AddHours(27), To = Then.AddHours(29.6) };

        var page = (await _service.ListAsync(_task.Id, filter, 1, 20, Stop)).Value!;
        Assert.Equal([2, 1], page.Items.Select(letter => letter.Key.Offset));
        Assert.Equal(new DeadLetterFigures(2, Then.AddHours(28), 1, 9), page.Figures);
        var group = Assert.Single(page.Groups);
        Assert.Equal((2, 9L, 1), (group.Count, group.Bytes, group.LastHour));
        Assert.Equal((24, 2), (group.Bars.Count, group.Bars.Sum()));
        Assert.Equal(1, group.Bars[9]);

        Assert.Equal(2, (await _service.ExportAsync(_task.Id, filter, Stop)).Value!.Count);
        Assert.Equal(2, (await _service.DryRunAsync(_task.Id, filter, Stop)).Value!.Pass);
        await _replay.RunAsync(await PlaceAsync(), filter with { To = Then.AddHours(28) }, "anna", _ => GoOn, Stop);
        Assert.Equal("in", Assert.Single(_kafka.Sent).Payload);
        Assert.StartsWith("1 discarded", (await _service.DiscardAsync(_task.Id, filter, Stop)).Text);
        Assert.Equal([3, 0], (await ListAsync()).Value!.Items.Select(letter => letter.Key.Offset));
    }

    [Fact]
    public async Task List_LongTopic_SaysHowMuchItDidNotRead()
    {
        Add("a");
        _reader.Topics[Topic].Add(_reader.Topics[Topic][0] with { Offset = 10_499 });

        Assert.Equal((1, 500), ((await ListAsync()).Value!.Total, (await ListAsync()).Value!.Unread));
    }

    [Fact]
    public async Task Summary_InATime_LeavesOutTasksWithoutAny()
    {
        _bench.Time.SetUtcNow(Then.AddHours(2));
        Add("a", at: Then);
        await _bench.Database.AddAsync(new TaskRun { TaskId = _task.Id, RunId = Guid.NewGuid(), StartedAt = Then, DeadLettered = 1 });

        Assert.Empty((await _service.SummaryAsync(null, new TimeWindow(HistoryRange.Find("1h")), Stop)).Value!);
        var group = Assert.Single(Assert.Single((await _service.SummaryAsync(null, new TimeWindow(HistoryRange.Find("6h")), Stop)).Value!).Groups);
        // Two of six hours before the end: the sixteenth of 24 parts has begun.
        Assert.Equal(1, group.Bars[16]);
    }

    [Fact]
    public async Task Summary_OnlyTasksThatWroteSome()
    {
        Add("a");
        Assert.Empty((await _service.SummaryAsync(null, TimeWindow.Any, Stop)).Value!);
        await _bench.Database.AddAsync(new TaskRun { TaskId = _task.Id, RunId = Guid.NewGuid(), StartedAt = _bench.Time.GetUtcNow(), DeadLettered = 1 });

        var summary = Assert.Single((await _service.SummaryAsync(null, TimeWindow.Any, Stop)).Value!);

        Assert.Equal((_task.Id, Topic, 1), (summary.TaskId, summary.Topic, Assert.Single(summary.Groups).Count));
    }

    private static DeadLetterFilter Only(long offset) => new() { Only = [new DeadLetterKey(0, offset)] };

    private Task<ReadResult<DeadLetterPage>> ListAsync() => _service.ListAsync(_task.Id, new DeadLetterFilter(), 1, 20, Stop);

    private async Task<DeadLetterPlace> PlaceAsync() =>
        (await new DeadLetterPlaces(new TaskSpecs(_bench.Database, _bench.Specs)).FindAsync(_task.Id, Stop)).Place!;

    private void Add(string payload, string code = "mapping-failed", string reason = "No JSON.", string? task = null, DateTimeOffset? at = null)
    {
        var records = _reader.Topics[Topic];
        var offset = records.Count;
        records.Add(new TopicRecord(0, offset, 1_000_000 + offset, null, [
            Header("mqtt.topic", "plant/1"),
            Header(DeadLetterHeaders.Reason, reason),
            Header(DeadLetterHeaders.Code, code),
            Header(DeadLetterHeaders.Task, task ?? _task.Id),
            Header(DeadLetterHeaders.Time, (at ?? DateTimeOffset.FromUnixTimeMilliseconds(1_000_000 + offset)).ToString("O")),
            Header(DeadLetterHeaders.Topic, "plant/1")], Encoding.UTF8.GetBytes(payload), payload.Length));
    }

    private static KafkaHeader Header(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));
}
