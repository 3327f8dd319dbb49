using Portal.Client.Contracts;
using Portal.Server.Clusters;
using Portal.Server.Data.Entities;
using Portal.Server.Security;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.Connections;

public sealed class ConnectionServiceTests : IDisposable
{
    private const string Canary = "canary-7f3a-password";

    private readonly ServiceBench _bench = new();

    private IConnectionService Connections => _bench.Connections;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ConnectionDraft Draft => new()
    {
        Name = "line 7",
        Description = "the seventh",
        MqttClusterId = "mqtt-plant001",
        UserName = "line7",
        Password = SecretChange.Replace(Canary),
    };

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Create_WhenTheBrokerAgrees_StoresAndAuditsTogether()
    {
        await _bench.Database.AddMqttClusterAsync();

        var result = await Connections.CreateAsync(Draft, Token);

        Assert.True(result.IsAccepted, result.Text);
        Assert.Matches("^resource-[a-z0-9]{8}$", result.Id);
        var view = await Connections.FindAsync(result.Id!, Token);
        Assert.Equal(("line 7", ConnectionStatus.Running, true, "anna"), (view!.Name, view.Status, view.HasPassword, view.CreatedBy));
        Assert.Equal((_bench.Time.GetUtcNow(), TimeSpan.FromMilliseconds(7)), (view.CheckedAt, view.Latency));
        var entry = Assert.Single(await _bench.AuditAsync());
        Assert.Equal(("create", result.Id, "done", "anna"), (entry.Action, entry.ObjectId, entry.Result, entry.Actor));
    }

    [Fact]
    public async Task Create_OfWhatJustPassed_AsksTheBrokerOnce()
    {
        await _bench.Database.AddMqttClusterAsync();
        var asked = _bench.Time.GetUtcNow();
        await Connections.ValidateAsync(null, Draft, Token).ToListAsync(Token);
        _bench.Time.Advance(TimeSpan.FromMinutes(2));
        _bench.Probe.Answer = FakeEndpointProbe.Failing("The broker is asked again.", "");

        var result = await Connections.CreateAsync(Draft with { Description = "told later" }, Token);

        Assert.True(result.IsAccepted, result.Text);
        Assert.Single(_bench.Probe.MqttProbes);
        Assert.Equal((asked, ConnectionStatus.Running), ((await Connections.FindAsync(result.Id!, Token))!.CheckedAt, (await Connections.FindAsync(result.Id!, Token))!.Status));
    }

    [Theory]
    [InlineData("other")]
    [InlineData("old")]
    [InlineData("somebody else's")]
    [InlineData("moved")]
    public async Task Create_OfWhatDidNotJustPass_AsksTheBrokerAgain(string why)
    {
        await _bench.Database.AddMqttClusterAsync();
        _bench.Actor.Who = why == "somebody else's" ? await _bench.Database.AddAdministratorAsync("boris") : ServerDatabase.Anna;
        await Connections.ValidateAsync(null, why == "other" ? Draft with { Password = SecretChange.Replace("another") } : Draft, Token).ToListAsync(Token);
        _bench.Actor.Who = ServerDatabase.Anna;
        _bench.Time.Advance(why == "old" ? PassedTests.Fresh : TimeSpan.FromMinutes(1));
        if (why == "moved")
        {
            var moved = new MqttClusterDraft { Name = "plant broker", Region = "local", Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "moved.test", 1883)] };
            Assert.True((await _bench.Clusters.SaveMqttClusterAsync("mqtt-plant001", 1, moved, false, Token)).IsAccepted);
        }

        Assert.True((await Connections.CreateAsync(Draft, Token)).IsAccepted);

        Assert.Equal(2, _bench.Probe.MqttProbes.Count);
    }

    [Fact]
    public async Task Update_OfWhatJustPassed_AsksTheBrokerOnce()
    {
        await AddPlantAsync();
        var changed = Plant with { UserName = "other" };
        await Connections.ValidateAsync("resource-plant001", changed, Token).ToListAsync(Token);

        Assert.True((await Connections.UpdateAsync("resource-plant001", 1, changed, false, false, Token)).IsAccepted);

        Assert.Single(_bench.Probe.MqttProbes);
    }

    [Fact]
    public async Task Create_WhenTheBrokerRefuses_StoresNothingAndSaysWhy()
    {
        await _bench.Database.AddMqttClusterAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Failing("The password is wrong (0x86).", "Check user and password.");

        var result = await Connections.CreateAsync(Draft, Token);

        Assert.Equal((CommandOutcome.Refused, "The password is wrong (0x86). Check user and password."), (result.Outcome, result.Text));
        Assert.Equal(0, (await Connections.ListAsync(new ListQuery(), Token)).Total);
        Assert.Empty(await _bench.AuditAsync());
    }

    [Fact]
    public async Task Create_ByAViewer_IsForbiddenAndAudited()
    {
        await _bench.Database.AddMqttClusterAsync();
        _bench.Actor.Who = ServerDatabase.Vera;

        var result = await Connections.CreateAsync(Draft, Token);

        Assert.Equal(CommandOutcome.Forbidden, result.Outcome);
        Assert.Contains("Administrator", result.Text, StringComparison.Ordinal);
        Assert.Empty(_bench.Probe.MqttProbes);
        var entry = Assert.Single(await _bench.AuditAsync());
        Assert.Equal(("vera", "create", "denied"), (entry.Actor, entry.Action, entry.Result));
    }

    [Fact]
    public async Task Create_AfterTheRoleWasTakenAway_IsForbiddenAtOnce()
    {
        await _bench.Database.AddMqttClusterAsync();
        await _bench.Database.ReadAsync(async db =>
        {
            db.UserRoles.RemoveRange(db.UserRoles.Where(held => held.UserId == ServerDatabase.Anna.UserId));
            return await db.SaveChangesAsync();
        });

        Assert.Equal(CommandOutcome.Forbidden, (await Connections.CreateAsync(Draft, Token)).Outcome);
    }

    [Fact]
    public async Task Create_ByNobody_IsForbidden()
    {
        await _bench.Database.AddMqttClusterAsync();
        _bench.Actor.Who = null;

        Assert.Equal(CommandOutcome.Forbidden, (await Connections.CreateAsync(Draft, Token)).Outcome);
    }

    [Fact]
    public async Task Create_WithANameThatDiffersOnlyInCase_NamesTheField()
    {
        await _bench.Database.AddMqttClusterAsync();
        await _bench.Database.AddConnectionAsync(name: "Line 7");

        var result = await Connections.CreateAsync(Draft, Token);

        Assert.Equal("Name", Assert.Single(result.Errors).Field);
    }

    [Fact]
    public async Task Secrets_AreNowhereInClear()
    {
        await _bench.Database.AddMqttClusterAsync();
        var created = await Connections.CreateAsync(Draft, Token);
        await Connections.UpdateAsync(
            created.Id!, 1, Draft with { Description = "changed", Password = SecretChange.Replace(Canary + "2") }, true, false, Token);

        var row = await _bench.Database.ReadAsync(async db => await db.Connections.FindAsync([created.Id], Token));
        Assert.Equal(Canary + "2", _bench.Database.Secrets.Reveal(SecretKind.ConnectionPassword, row!.Password));
        foreach (var file in Directory.EnumerateFiles(_bench.Database.Folder.Path, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(Canary, await ReadSharedAsync(file), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Canary, Draft.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, (await Connections.FindAsync(created.Id!, Token))!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_bench.Probe.MqttProbes, spec => spec.ToString().Contains(Canary, StringComparison.Ordinal));
        Assert.Contains("Password: changed", (await _bench.AuditAsync())[^1].Change, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_WithAPasswordLeftAlone_ProbesWithTheStoredOne()
    {
        await AddPlantAsync();

        var result = await Connections.UpdateAsync("resource-plant001", 1, Plant with { UserName = "other" }, true, false, Token);

        Assert.True(result.IsAccepted, result.Text);
        Assert.Equal(("other", "secret of plant"), (_bench.Probe.MqttProbes[^1].UserName, _bench.Probe.MqttProbes[^1].Password));
    }

    [Fact]
    public async Task Update_OfTheNameOnly_NeitherProbesNorRestarts()
    {
        await AddPlantAsync();
        await _bench.Database.AddConnectorTaskAsync("one");

        var result = await Connections.UpdateAsync("resource-plant001", 1, Plant with { Name = "renamed" }, true, false, Token);

        Assert.True(result.IsAccepted, result.Text);
        Assert.Empty(_bench.Probe.MqttProbes);
        Assert.Empty(_bench.Restart.Started);
        Assert.Equal("Name: plant → renamed", (await _bench.AuditAsync())[^1].Change);
    }

    [Fact]
    public async Task Update_WithRestart_RestartsTheRunningTasksByNameAndIsChangingMeanwhile()
    {
        await AddPlantAsync();
        await _bench.Database.AddConnectorTaskAsync("b-runs");
        await _bench.Database.AddConnectorTaskAsync("a-runs");
        await _bench.Database.AddConnectorTaskAsync("rests", AskedState.Paused);
        await _bench.Database.AddAsync(Operation(OperationState.Running));

        var result = await Connections.UpdateAsync("resource-plant001", 1, Plant with { UserName = "other" }, true, false, Token);

        Assert.Equal(FakeRollingRestart.OperationId, result.OperationId);
        var (title, ids, actor) = Assert.Single(_bench.Restart.Started);
        Assert.Equal(("Restart 2 tasks of connection plant", "anna"), (title, actor));
        var names = await _bench.Database.ReadAsync(
            db => Task.FromResult(db.ConnectorTasks.ToDictionary(task => task.Id, task => task.Name)));
        Assert.Equal(["a-runs", "b-runs"], ids.Select(id => names[id]));
        Assert.Equal(ConnectionStatus.Changing, (await Connections.FindAsync("resource-plant001", Token))!.Status);
    }

    [Theory]
    [InlineData(OperationState.Succeeded, ConnectionStatus.Running)]
    [InlineData(OperationState.Cancelled, ConnectionStatus.Running)]
    [InlineData(OperationState.Failed, ConnectionStatus.ChangeFailed)]
    [InlineData(OperationState.Paused, ConnectionStatus.Changing)]
    public async Task Status_FollowsTheOperationOfTheLastChange(OperationState state, ConnectionStatus expected)
    {
        await AddPlantAsync();
        var task = await _bench.Database.AddConnectorTaskAsync("runs");
        await _bench.Database.AddAsync(Operation(state, task.Id));
        _bench.Feed.Tasks.Publish(Live(task.Id, ConnectorTaskStatus.Running) with { RestartToApply = true });
        await Connections.UpdateAsync("resource-plant001", 1, Plant with { UserName = "other" }, true, false, Token);

        Assert.Equal(expected, (await Connections.FindAsync("resource-plant001", Token))!.Status);
    }

    [Fact]
    public async Task ChangeFailed_OnceTheTaskHasTheSettings_IsOver()
    {
        await AddPlantAsync();
        var task = await _bench.Database.AddConnectorTaskAsync("runs");
        await _bench.Database.AddAsync(Operation(OperationState.Failed, task.Id));
        _bench.Feed.Tasks.Publish(Live(task.Id, ConnectorTaskStatus.Failed));
        await Connections.UpdateAsync("resource-plant001", 1, Plant with { UserName = "other" }, true, false, Token);
        Assert.Equal(ConnectionStatus.ChangeFailed, (await Connections.FindAsync("resource-plant001", Token))!.Status);

        _bench.Feed.Tasks.Publish(Live(task.Id, ConnectorTaskStatus.Running));

        Assert.Equal(ConnectionStatus.Running, (await Connections.FindAsync("resource-plant001", Token))!.Status);
        Assert.Equal(1, (await Connections.ListAsync(new ListQuery { Status = ["Running"] }, Token)).Total);
    }

    [Fact]
    public async Task Status_WhenNoRunningTaskIsConnected_IsAbnormalWithTheirCause()
    {
        await AddPlantAsync();
        var (one, two, rests) = (await _bench.Database.AddConnectorTaskAsync("one"), await _bench.Database.AddConnectorTaskAsync("two"), await _bench.Database.AddConnectorTaskAsync("rests", AskedState.Paused));
        _bench.Feed.Tasks.Publish([
            Live(one.Id, ConnectorTaskStatus.Recovering) with { Cause = "The password is wrong (0x86)." },
            Live(two.Id, ConnectorTaskStatus.Recovering),
            Live(rests.Id, ConnectorTaskStatus.Paused),
        ]);

        var view = (await Connections.FindAsync("resource-plant001", Token))!;

        Assert.Equal((ConnectionStatus.Abnormal, false), (view.Status, view.NeedsYou));
        Assert.StartsWith("None of its 2 running tasks is connected; they go on trying.", view.Cause, StringComparison.Ordinal);
        Assert.Equal(1, (await Connections.ListAsync(new ListQuery(), Token)).Counts["Abnormal"]);

        _bench.Feed.Tasks.Publish(Live(two.Id, ConnectorTaskStatus.Blocked));

        Assert.Equal(ConnectionStatus.Running, (await Connections.FindAsync("resource-plant001", Token))!.Status);
    }

    [Fact]
    public async Task Status_AfterTheClusterChanged_IsOutdatedUntilTheNextTest()
    {
        await AddPlantAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Failing("Refused.", "Look there.");
        await Connections.TestAsync("resource-plant001", Token).ToListAsync(Token);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));

        await MoveClusterAsync(1);

        var view = (await Connections.FindAsync("resource-plant001", Token))!;
        Assert.Equal((ConnectionStatus.Outdated, true, false), (view.Status, view.CheckOutdated, view.NeedsYou));
        Assert.Contains("of the old address", view.Cause, StringComparison.Ordinal);
        Assert.Equal(1, (await Connections.ListAsync(new ListQuery(), Token)).Counts["Outdated"]);
        Assert.Equal("resource-plant001", Assert.Single((await Connections.ListAsync(new ListQuery { Status = ["Outdated"] }, Token)).Items).Id);

        _bench.Probe.Answer = FakeEndpointProbe.Passing;
        await Connections.TestAsync("resource-plant001", Token).ToListAsync(Token);
        view = (await Connections.FindAsync("resource-plant001", Token))!;
        Assert.Equal((ConnectionStatus.Running, false), (view.Status, view.CheckOutdated));
    }

    [Fact]
    public async Task Status_AfterOnlyWordsOfTheClusterChanged_StaysAsItWas()
    {
        await AddPlantAsync();
        await Connections.TestAsync("resource-plant001", Token).ToListAsync(Token);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));

        var cluster = Assert.Single(await _bench.Clusters.MqttClustersAsync(null, Token));
        Assert.True((await _bench.Clusters.SaveMqttClusterAsync(
            cluster.Id, 1, new MqttClusterDraft { Name = "renamed", Region = cluster.Region, Endpoints = cluster.Endpoints }, false, Token)).IsAccepted);

        Assert.Equal(ConnectionStatus.Running, (await Connections.FindAsync("resource-plant001", Token))!.Status);
    }

    [Fact]
    public async Task Test_DuringWhichTheClusterChanges_IsOfTheOldAddress()
    {
        await AddPlantAsync();
        _bench.Probe.Script = System.Threading.Channels.Channel.CreateUnbounded<Portal.Engine.Probing.ProbeReport>();
        var test = Connections.TestAsync("resource-plant001", Token).ToListAsync(Token).AsTask();
        await Eventually.TrueAsync(() => _bench.Probe.MqttProbes.Count == 1, "the probe began");
        _bench.Time.Advance(TimeSpan.FromSeconds(1));

        await MoveClusterAsync(1);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await _bench.Probe.Script.Writer.WriteAsync(FakeEndpointProbe.Passing, Token);
        _bench.Probe.Script.Writer.Complete();
        await test;

        Assert.Equal(ConnectionStatus.Outdated, (await Connections.FindAsync("resource-plant001", Token))!.Status);
    }

    [Fact]
    public async Task Update_WithoutRestart_RestartsNothing()
    {
        await AddPlantAsync();
        await _bench.Database.AddConnectorTaskAsync("runs");

        var result = await Connections.UpdateAsync("resource-plant001", 1, Plant with { UserName = "other" }, false, false, Token);

        Assert.True(result.IsAccepted, result.Text);
        Assert.Null(result.OperationId);
        Assert.Empty(_bench.Restart.Started);
    }

    [Fact]
    public async Task Update_WhenTheBrokerRefuses_ChangesNothing()
    {
        await AddPlantAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Failing("No.", "Try another.");

        var result = await Connections.UpdateAsync("resource-plant001", 1, Plant with { UserName = "other" }, true, false, Token);

        Assert.Equal(CommandOutcome.Refused, result.Outcome);
        var view = await Connections.FindAsync("resource-plant001", Token);
        Assert.Equal(("plant-user", 1), (view!.UserName, view.Revision));
    }

    [Fact]
    public async Task Update_SkippingTheTest_IsAuditedAndAbnormalUntilTested()
    {
        await AddPlantAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Failing("No.", "Try another.");

        await Connections.UpdateAsync("resource-plant001", 1, Plant with { UserName = "other" }, true, skipValidation: true, Token);

        Assert.Contains("without a passing test", (await _bench.AuditAsync())[^1].Change, StringComparison.Ordinal);
        Assert.Equal(ConnectionStatus.Abnormal, (await Connections.FindAsync("resource-plant001", Token))!.Status);
    }

    [Fact]
    public async Task Update_OfAnOldRevision_NamesWhoWasFaster()
    {
        await AddPlantAsync();
        await Connections.UpdateAsync("resource-plant001", 1, Plant with { Description = "first" }, true, false, Token);

        var result = await Connections.UpdateAsync("resource-plant001", 1, Plant with { Description = "second" }, true, false, Token);

        Assert.Equal(CommandOutcome.Conflict, result.Outcome);
        Assert.StartsWith("anna changed connection plant", result.Text, StringComparison.Ordinal);
        Assert.Equal("first", (await Connections.FindAsync("resource-plant001", Token))!.Description);
    }

    [Fact]
    public async Task Update_ThatSomebodyOvertakesDuringTheProbe_IsAConflict()
    {
        await AddPlantAsync();
        _bench.Probe.Script = System.Threading.Channels.Channel.CreateUnbounded<Portal.Engine.Probing.ProbeReport>();
        var slow = Connections.UpdateAsync("resource-plant001", 1, Plant with { UserName = "slow" }, true, false, Token);
        await Eventually.TrueAsync(() => _bench.Probe.MqttProbes.Count == 1, "the probe began");

        await Connections.UpdateAsync("resource-plant001", 1, Plant with { Description = "fast" }, true, false, Token);
        await _bench.Probe.Script.Writer.WriteAsync(FakeEndpointProbe.Passing, Token);
        _bench.Probe.Script.Writer.Complete();

        Assert.Equal(CommandOutcome.Conflict, (await slow).Outcome);
        Assert.Equal("plant-user", (await Connections.FindAsync("resource-plant001", Token))!.UserName);
    }

    [Fact]
    public async Task Test_ThatFails_MakesTheConnectionAbnormalWithTheCause()
    {
        await AddPlantAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Failing("Refused.", "Look there.");

        var reports = await Connections.TestAsync("resource-plant001", Token).ToListAsync(Token);

        Assert.False(reports[^1].Passed);
        var view = await Connections.FindAsync("resource-plant001", Token);
        Assert.Equal((ConnectionStatus.Abnormal, "Refused. Look there.", 1), (view!.Status, view.Cause, view.Revision));

        _bench.Probe.Answer = FakeEndpointProbe.Passing;
        await Connections.TestAsync("resource-plant001", Token).ToListAsync(Token);
        Assert.Equal(ConnectionStatus.Running, (await Connections.FindAsync("resource-plant001", Token))!.Status);
    }

    [Fact]
    public async Task Test_ByAViewer_IsRefusedInTheReport()
    {
        await AddPlantAsync();
        _bench.Actor.Who = ServerDatabase.Vera;

        var report = Assert.Single(await Connections.TestAsync("resource-plant001", Token).ToListAsync(Token));

        Assert.Equal((true, false), (report.Finished, report.Passed));
        Assert.Equal("permission", report.Steps[0].Name);
        Assert.Empty(_bench.Probe.MqttProbes);
    }

    [Fact]
    public async Task Validate_OfAWrongDraft_SaysEverythingThatIsWrong()
    {
        var report = Assert.Single(
            await Connections.ValidateAsync(null, new ConnectionDraft { Password = SecretChange.Replace("x") }, Token).ToListAsync(Token));

        Assert.Equal(3, report.Steps[0].Result!.Split('\n').Length);
    }

    [Fact]
    public async Task Delete_WhileTasksUseIt_IsRefusedNamingThem()
    {
        await AddPlantAsync();
        await _bench.Database.AddConnectorTaskAsync("beta");
        await _bench.Database.AddConnectorTaskAsync("alpha", AskedState.Paused);

        var result = await Connections.DeleteAsync("resource-plant001", 1, Token);

        Assert.Equal(CommandOutcome.Refused, result.Outcome);
        Assert.Contains("2 tasks: alpha, beta.", result.Text, StringComparison.Ordinal);
        Assert.NotNull(await Connections.FindAsync("resource-plant001", Token));
    }

    [Fact]
    public async Task Delete_WhileItsLastTaskIsBeingDeleted_SaysToWait()
    {
        await AddPlantAsync();
        await _bench.Database.AddConnectorTaskAsync("leaving", deletingSince: _bench.Time.GetUtcNow());

        var result = await Connections.DeleteAsync("resource-plant001", 1, Token);

        Assert.Equal(CommandOutcome.Refused, result.Outcome);
        Assert.EndsWith("is used by 1 task: leaving. Each is being deleted: wait until it is gone.", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_OfAnUnusedOne_RemovesAndAudits()
    {
        await AddPlantAsync();

        Assert.True((await Connections.DeleteAsync("resource-plant001", 1, Token)).IsAccepted);

        Assert.Null(await Connections.FindAsync("resource-plant001", Token));
        Assert.Equal("delete", Assert.Single(await _bench.AuditAsync()).Action);
        Assert.Equal(CommandOutcome.NotFound, (await Connections.DeleteAsync("resource-plant001", 1, Token)).Outcome);
    }

    [Fact]
    public async Task List_SearchesCountsOrdersAndPages()
    {
        await _bench.Database.AddMqttClusterAsync();
        for (var i = 0; i < 25; i++)
        {
            await _bench.Database.AddConnectionAsync(name: $"Line {i:00}", id: $"resource-line00{i:00}");
        }

        await _bench.Database.AddAsync(new Connection { Id = "resource-sick0001", Name = "line sick", MqttClusterId = "mqtt-plant001", CreatedBy = "anna", CheckCause = "Gone." });

        var all = await Connections.ListAsync(new ListQuery { Search = "LINE" }, Token);
        Assert.Equal((20, 26, 25, 1), (all.Items.Count, all.Total, all.Counts["Running"], all.Counts["Abnormal"]));
        Assert.Equal("line sick", all.Items[0].Name);

        var second = await Connections.ListAsync(new ListQuery { Page = 2, Sort = "-name" }, Token);
        Assert.Equal(["Line 05", "Line 04", "Line 03", "Line 02", "Line 01", "Line 00"], second.Items.Select(view => view.Name));

        var sick = await Connections.ListAsync(new ListQuery { Search = "line", Status = ["Abnormal"] }, Token);
        Assert.Equal(("line sick", 25), (Assert.Single(sick.Items).Name, sick.Counts["Running"]));

        Assert.Equal(0, (await Connections.ListAsync(new ListQuery { Region = "elsewhere" }, Token)).Total);
        Assert.Equal(26, (await Connections.ListAsync(new ListQuery { MqttClusterId = "mqtt-plant001" }, Token)).Total);
        Assert.Equal(0, (await Connections.ListAsync(new ListQuery { MqttClusterId = "mqtt-plant002" }, Token)).Total);
    }

    [Fact]
    public async Task List_OwnOrder_IsByAttentionThenByTheLatestChange()
    {
        await _bench.Database.AddMqttClusterAsync();
        var saved = _bench.Time.GetUtcNow();
        foreach (var (name, hours, cause) in new[] { ("fine-old", 1, null), ("fine-new", 2, null), ("sick-old", 0, "Gone."), ("fine-as-new", 2, null), ("sick-new", 1, "Gone.") })
        {
            await _bench.Database.AddAsync(new Connection
            {
                Id = $"resource-{name}",
                Name = name,
                MqttClusterId = "mqtt-plant001",
                CreatedBy = "anna",
                UpdatedAt = saved.AddHours(hours),
                CheckCause = cause,
            });
        }

        string[] expected = ["sick-new", "sick-old", "fine-as-new", "fine-new", "fine-old"];
        Assert.Equal(expected, (await Connections.ListAsync(new ListQuery(), Token)).Items.Select(view => view.Name));
        Assert.Equal(expected, (await Connections.ListAsync(new ListQuery(), Token)).Items.Select(view => view.Name));
        Assert.Equal(["fine-as-new", "fine-new", "fine-old"], (await Connections.ListAsync(new ListQuery { Status = ["Running"] }, Token)).Items.Select(view => view.Name));
    }

    private static ConnectionDraft Plant => new() { Name = "plant", MqttClusterId = "mqtt-plant001", UserName = "plant-user" };

    private static ConnectorTaskLive Live(string id, ConnectorTaskStatus status) => new() { Id = id, Status = status };

    private static OperationRow Operation(OperationState state, string? failed = null) => new()
    {
        Items = failed is null ? [] : [new OperationItemRow { Position = 0, TargetId = failed, TargetName = "runs", State = OperationState.Failed }],
        Id = FakeRollingRestart.OperationId,
        Title = "Restart",
        State = state,
        StartedBy = "anna",
        StartedAt = DateTimeOffset.UnixEpoch,
    };

    private static async Task<string> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return await reader.ReadToEndAsync(Token);
    }

    private async Task MoveClusterAsync(long revision) => Assert.True((await _bench.Clusters.SaveMqttClusterAsync(
        "mqtt-plant001",
        revision,
        new MqttClusterDraft { Name = "plant broker", Region = "local", Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "moved.test", 1883)] },
        false,
        Token)).IsAccepted);

    private async Task AddPlantAsync()
    {
        await _bench.Database.AddMqttClusterAsync();
        await _bench.Database.AddKafkaInstanceAsync();
        await _bench.Database.AddConnectionAsync();
    }
}
