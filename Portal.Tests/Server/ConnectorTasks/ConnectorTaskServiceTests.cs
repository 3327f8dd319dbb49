using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Engine.Probing;
using Portal.Server.Security;
using Portal.Tests.Fakes;

namespace Portal.Tests.Server.ConnectorTasks;

public sealed class ConnectorTaskServiceTests : IAsyncLifetime
{
    private TaskBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await TaskBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Create_Valid_IsStoredAuditedAndStarted()
    {
        var id = await _bench.CreateAsync();

        Assert.Matches("^task-[a-z0-9]{8}$", id);
        Assert.Equal(AskedState.Running, (await _bench.RowAsync(id))!.Asked);
        Assert.True(_bench.Supervisor.InMotion[id].SameAs(_bench.Supervisor.Applied.First()));
        Assert.Equal(ConnectorTaskStatus.Running, _bench.Live(id).Status);
        var audit = await _bench.ReadAsync(db => db.AuditEntries.SingleAsync(entry => entry.ObjectId == id, Token));
        Assert.Equal(("create", "system"), (audit.Action, audit.Actor));
        Assert.Contains("Topics: line/7/#", audit.Change);
    }

    [Fact]
    public async Task Create_Paused_IsNotStarted()
    {
        var id = await _bench.CreateAsync(paused: true);

        Assert.Empty(_bench.Supervisor.Applied);
        Assert.Equal(ConnectorTaskStatus.Paused, _bench.Live(id).Status);
    }

    [Fact]
    public async Task Create_NameTakenInAnotherCase_IsInvalid()
    {
        await _bench.CreateAsync();
        var result = await _bench.Tasks.CreateAsync(Drafts.Valid with { Name = Drafts.Valid.Name.ToUpperInvariant() }, false, Token);

        Assert.Equal(CommandOutcome.Invalid, result.Outcome);
        Assert.Equal("Name", Assert.Single(result.Errors).Field);
    }

    [Fact]
    public async Task EveryChange_WithoutTheRole_IsForbiddenAndChangesNothing()
    {
        var id = await _bench.CreateAsync();
        var calls = _bench.Supervisor.Calls.Count;
        _bench.Actor.Who = new Actor("vera", "no-such-user");

        CommandResult[] results =
        [
            await _bench.Tasks.CreateAsync(Drafts.Valid with { Name = "other" }, false, Token),
            await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Clients = 2 }, Token),
            await _bench.Tasks.PauseAsync([id], Token),
            await _bench.Tasks.ResumeAsync([id], Token),
            await _bench.Tasks.RestartAsync([id], Token),
            await _bench.Tasks.DisconnectClientAsync(id, $"{id}-0", Token),
            await _bench.Tasks.DeleteSessionAsync(id, $"{id}-0", Token),
            await _bench.Tasks.DeleteAsync(id, 1, false, Token),
            await _bench.Tasks.DeleteAsync(id, 1, true, Token),
        ];

        Assert.All(results, result => Assert.Equal(CommandOutcome.Forbidden, result.Outcome));
        Assert.Equal(calls, _bench.Supervisor.Calls.Count);
        Assert.Equal(1, (await _bench.RowAsync(id))!.Revision);
        Assert.Equal(results.Length, await _bench.ReadAsync(db => db.AuditEntries.CountAsync(entry => entry.Result == "denied", Token)));
        Assert.Equal(1, (await _bench.Tasks.ListAsync(new ListQuery(), Token)).Total);
    }

    [Fact]
    public async Task Update_StaleRevision_IsConflictAndNothingReachesTheEngine()
    {
        var id = await _bench.CreateAsync();
        Assert.True((await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Description = "first" }, Token)).IsAccepted);
        await _bench.SettleAsync(id);
        var result = await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Clients = 5 }, Token);

        Assert.Equal(CommandOutcome.Conflict, result.Outcome);
        Assert.Equal("first", (await _bench.RowAsync(id))!.Settings.Description);
        Assert.Equal([0], _bench.Supervisor.InMotion[id].Clients);
    }

    [Fact]
    public async Task Update_Clients_ReachesTheEngineAndTheLog()
    {
        var id = await _bench.CreateAsync();
        Assert.True((await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Clients = 3 }, Token)).IsAccepted);
        await _bench.SettleAsync(id);

        Assert.Equal([0, 1, 2], _bench.Supervisor.InMotion[id].Clients);
        Assert.Equal(3, _bench.Live(id).ClientsAsked);
        var line = (await _bench.Tasks.EventsAsync(id, null, 10, Token))[0];
        Assert.Equal(("Config", "system", "Clients: 1 → 3"), (line.Kind, line.Actor, line.Text));
    }

    [Fact]
    public async Task Update_NothingChanged_KeepsTheRevision()
    {
        var id = await _bench.CreateAsync();

        Assert.True((await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Topics = [" line/7/# "] }, Token)).IsAccepted);
        Assert.Equal(1, (await _bench.RowAsync(id))!.Revision);
    }

    [Fact]
    public async Task Pause_Running_DrainsAndKeepsSessionsAndAnOpenFormStaysGood()
    {
        var id = await _bench.CreateAsync();
        var drained = new TaskCompletionSource();
        _bench.Supervisor.Drained = drained.Task;

        Assert.True((await _bench.Tasks.PauseAsync([id], Token)).IsAccepted);
        Assert.Equal(ConnectorTaskStatus.Pausing, _bench.Live(id).Status);
        drained.SetResult();
        await _bench.SettleAsync(id);

        Assert.Equal(ConnectorTaskStatus.Paused, _bench.Live(id).Status);
        Assert.Contains($"retire {id} KeepSessions", _bench.Supervisor.Calls);
        Assert.True((await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Description = "form opened before the pause" }, Token)).IsAccepted);
    }

    [Fact]
    public async Task Resume_Paused_StartsAgain()
    {
        var id = await _bench.CreateAsync(paused: true);
        Assert.True((await _bench.Tasks.ResumeAsync([id], Token)).IsAccepted);
        await _bench.SettleAsync(id);

        Assert.Equal(ConnectorTaskStatus.Running, _bench.Live(id).Status);
    }

    [Fact]
    public async Task Resume_Failed_StartsAnewAlthoughAskedAlready()
    {
        _bench.Supervisor.StatusAfterStart = PipelineStatus.Failed;
        var id = await _bench.CreateAsync();
        Assert.Equal(ConnectorTaskStatus.Failed, _bench.Live(id).Status);
        _bench.Supervisor.StatusAfterStart = PipelineStatus.Running;
        Assert.True((await _bench.Tasks.ResumeAsync([id], Token)).IsAccepted);
        await _bench.SettleAsync(id);

        Assert.True(_bench.Supervisor.Calls.Count(call => call == $"apply {id}") >= 2);
    }

    [Fact]
    public async Task Restart_Paused_IsRefusedWithAdvice()
    {
        var id = await _bench.CreateAsync(paused: true);
        var result = await _bench.Tasks.RestartAsync([id], Token);

        Assert.Equal(CommandOutcome.Refused, result.Outcome);
        Assert.Contains("Resume it instead", result.Text);
    }

    [Fact]
    public async Task Restart_One_StartsANewRun()
    {
        var id = await _bench.CreateAsync();
        var before = _bench.Supervisor.Find(id)!.RunId;
        Assert.True((await _bench.Tasks.RestartAsync([id], Token)).IsAccepted);
        await _bench.SettleAsync(id);

        Assert.NotEqual(before, _bench.Supervisor.Find(id)!.RunId);
        Assert.Equal(ConnectorTaskStatus.Running, _bench.Live(id).Status);
    }

    [Fact]
    public async Task DisconnectClient_NotConnected_IsRefused()
    {
        var id = await _bench.CreateAsync();

        Assert.True((await _bench.Tasks.DisconnectClientAsync(id, $"{id}-0", Token)).IsAccepted);
        Assert.Equal(CommandOutcome.Refused, (await _bench.Tasks.DisconnectClientAsync(id, "somebody else", Token)).Outcome);
        Assert.Equal(CommandOutcome.NotFound, (await _bench.Tasks.DisconnectClientAsync("task-unknown1", "x", Token)).Outcome);
    }

    [Fact]
    public async Task DeleteSession_OfAClient_IsDoneWrittenDownAndAudited()
    {
        var id = await _bench.CreateAsync();

        Assert.True((await _bench.Tasks.DeleteSessionAsync(id, $"{id}-0", Token)).IsAccepted);

        Assert.Contains($"end-session {id}-0", _bench.Supervisor.Calls);
        var audit = await _bench.ReadAsync(db => db.AuditEntries.OrderBy(entry => entry.Id).LastAsync(Token));
        Assert.Equal(("delete the session of a client of", "done"), (audit.Action, audit.Result));
        Assert.Contains((await _bench.Tasks.EventsAsync(id, null, 10, Token)), one => one.Text == $"Session of client {id}-0 deleted");
    }

    [Fact]
    public async Task DeleteSession_NotPossible_IsRefusedInWords()
    {
        var id = await _bench.CreateAsync();
        _bench.Supervisor.EndSessionFailure = "3 deliveries were not answered by Kafka in time.";

        var failed = await _bench.Tasks.DeleteSessionAsync(id, $"{id}-0", Token);

        Assert.Equal((CommandOutcome.Refused, $"The session of client {id}-0 was not deleted. 3 deliveries were not answered by Kafka in time."), (failed.Outcome, failed.Text));
        Assert.Equal("failed", (await _bench.ReadAsync(db => db.AuditEntries.OrderBy(entry => entry.Id).LastAsync(Token))).Result);
        Assert.Equal(CommandOutcome.Refused, (await _bench.Tasks.DeleteSessionAsync(id, "somebody else", Token)).Outcome);
        Assert.Equal(CommandOutcome.NotFound, (await _bench.Tasks.DeleteSessionAsync("task-unknown1", "x", Token)).Outcome);
        _bench.Supervisor.Show(id, photo => photo with { Clients = [photo.Clients[0] with { CleanSession = true }] });
        Assert.Contains("keeps no session", (await _bench.Tasks.DeleteSessionAsync(id, $"{id}-0", Token)).Text);
    }

    [Fact]
    public async Task TryNowAndStopTrying_WhileARestartIsPlanned_ReachTheEngineAndAreWrittenDown()
    {
        var id = await _bench.CreateAsync();
        var recovery = _bench.Get<ITaskRecovery>();
        Assert.Equal(CommandOutcome.Refused, (await recovery.TryNowAsync(id, Token)).Outcome);
        Assert.Equal(CommandOutcome.NotFound, (await recovery.StopTryingAsync("task-unknown1", Token)).Outcome);
        _bench.Supervisor.Show(id, photo => photo with
        {
            Status = PipelineStatus.Recovering,
            Attempt = 2,
            AttemptsAllowed = 7,
            NextAttemptAt = _bench.Time.GetUtcNow().AddSeconds(4),
        });
        _bench.Pump();

        Assert.Equal((2, 7), (_bench.Live(id).Attempt, _bench.Live(id).AttemptsAllowed));
        Assert.True((await recovery.TryNowAsync(id, Token)).IsAccepted);
        Assert.True((await recovery.StopTryingAsync(id, Token)).IsAccepted);

        Assert.Equal([$"try-now {id}", $"stop-trying {id}"], _bench.Supervisor.Calls.TakeLast(2));
        Assert.Equal(["Automatic restarts stopped", "Tried now"], (await _bench.Tasks.EventsAsync(id, null, 2, Token)).Select(line => line.Text));
    }

    [Fact]
    public async Task Pause_SessionsGrantedForTwoMinutes_SaysUntilWhenTheyAreKept()
    {
        var id = await _bench.CreateAsync();
        _bench.Supervisor.Show(id, photo => photo with
        {
            InPerSecond = 1,
            Clients = [.. photo.Clients.Select(client => client with { SessionExpiry = TimeSpan.FromMinutes(2) })],
        });
        _bench.Pump();
        Assert.Equal(120, _bench.Live(id).SessionExpirySeconds);

        await _bench.Tasks.PauseAsync([id], Token);
        await _bench.SettleAsync(id);

        Assert.Equal(_bench.Time.GetUtcNow().AddMinutes(2), _bench.Live(id).SessionsKeptUntil);
        Assert.Equal(_bench.Time.GetUtcNow().AddMinutes(2), (await _bench.RowAsync(id))!.SessionsKeptUntil);
        await _bench.Tasks.ResumeAsync([id], Token);
        await _bench.SettleAsync(id);
        Assert.Null(_bench.Live(id).SessionsKeptUntil);
        Assert.Null((await _bench.RowAsync(id))!.SessionsKeptUntil);
    }

    [Fact]
    public async Task Events_Before_PagesBackwards()
    {
        var id = await _bench.CreateAsync();
        await _bench.Tasks.PauseAsync([id], Token);
        await _bench.Tasks.ResumeAsync([id], Token);
        var newest = await _bench.Tasks.EventsAsync(id, null, 2, Token);
        var older = await _bench.Tasks.EventsAsync(id, newest[^1].Id, 10, Token);

        Assert.Equal(["Resumed", "Paused"], newest.Select(line => line.Text));
        Assert.Equal(["Created and started"], older.Select(line => line.Text));
    }

    [Fact]
    public async Task Preflight_Draft_AsksForTargetAndDeadLetterTopic()
    {
        _bench.Probe.Answer = FakeEndpointProbe.Passing with { Broker = new BrokerFacts(65_536) };

        var reports = await _bench.Tasks.PreflightAsync(null, Drafts.Valid, Token).ToListAsync(Token);

        Assert.True(reports[^1].Passed);
        Assert.Equal(["orders", "orders.dlq"], _bench.Probe.KafkaTargets.Single().Topics);
        Assert.Equal(65_536, _bench.Probe.KafkaTargets.Single().Source?.MaximumPacketSize);
    }

    [Fact]
    public async Task Preflight_WithoutInstance_SaysSo()
    {
        var report = Assert.Single(await _bench.Tasks.PreflightAsync(null, Drafts.Valid with { KafkaInstanceId = "" }, Token).ToListAsync(Token));

        Assert.False(report.Passed);
    }
}
