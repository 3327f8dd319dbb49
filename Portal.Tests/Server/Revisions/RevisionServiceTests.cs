using Portal.Client.Contracts;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.Revisions;

public sealed class RevisionServiceTests : IAsyncLifetime
{
    private TaskBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IRevisionService Revisions => _bench.Get<IRevisionService>();

    public async ValueTask InitializeAsync() => _bench = await TaskBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task OfTask_EachSave_LeavesItsSettingsWhoAndWhen()
    {
        var id = await _bench.CreateAsync();
        var created = _bench.Time.GetUtcNow();
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Description = "second" }, Token)).IsAccepted);

        var revisions = await Revisions.OfTaskAsync(id, Token);

        Assert.Equal([(2L, "second"), (1, Drafts.Valid.Description)], revisions.Select(one => (one.Number, one.Settings.Description)));
        Assert.Equal([created.AddMinutes(1), created], revisions.Select(one => one.At));
        Assert.Equal(Drafts.Valid.Topics, revisions[1].Settings.Topics);
        Assert.All(revisions, one => Assert.NotNull(one.Actor));
    }

    [Fact]
    public async Task OfTask_SaveThatConflicts_LeavesNothing()
    {
        var id = await _bench.CreateAsync();
        Assert.Equal(CommandOutcome.Conflict, (await _bench.Tasks.UpdateAsync(id, 7, Drafts.Valid with { Description = "late" }, Token)).Outcome);

        Assert.Single(await Revisions.OfTaskAsync(id, Token));
    }

    [Fact]
    public async Task OfConnection_SavedBeforeRevisionsWereKept_IsThePresentOne()
    {
        var only = Assert.Single(await Revisions.OfConnectionAsync("resource-aaaaaaaa", Token));

        Assert.Equal((1L, "gz-prod", "t"), (only.Number, only.Settings.Name, only.Actor));
    }

    [Fact]
    public async Task OfConnection_ChangedPassword_IsNowhereInTheRevision()
    {
        var draft = new ConnectionDraft { Name = "gz-prod", MqttClusterId = "mqtt-aaaaaaaa", UserName = "u", Password = SecretChange.Replace("canary-7Q") };
        var result = await _bench.Get<IConnectionService>().UpdateAsync("resource-aaaaaaaa", 1, draft, restartTasks: false, skipValidation: true, Token);
        Assert.True(result.IsAccepted, result.Text);

        var rows = await _bench.ReadAsync(db => Task.FromResult(db.Revisions.ToList()));
        Assert.DoesNotContain("canary-7Q", Assert.Single(rows).Settings);
        Assert.Equal(SecretChangeKind.Keep, (await Revisions.OfConnectionAsync("resource-aaaaaaaa", Token))[0].Settings.Password.Kind);
    }

    [Fact]
    public async Task OfMqttCluster_EachSave_LeavesItsSettingsAndWho()
    {
        var clusters = _bench.Get<IClusterService>();
        var draft = (await Revisions.OfMqttClusterAsync("mqtt-aaaaaaaa", Token))[0].Settings with { Description = "second" };
        Assert.True((await clusters.SaveMqttClusterAsync("mqtt-aaaaaaaa", 1, draft, restartTasks: false, Token)).IsAccepted);
        Assert.Equal(CommandOutcome.Conflict, (await clusters.SaveMqttClusterAsync("mqtt-aaaaaaaa", 1, draft with { Description = "late" }, false, Token)).Outcome);

        var newest = Assert.Single(await Revisions.OfMqttClusterAsync("mqtt-aaaaaaaa", Token));

        Assert.Equal((2L, "second"), (newest.Number, newest.Settings.Description));
        Assert.NotNull(newest.Actor);
        Assert.Empty(await Revisions.OfMqttClusterAsync("mqtt-unknown1", Token));
    }

    [Fact]
    public async Task OfKafkaInstance_ChangedPassword_IsNowhereInTheRevision()
    {
        var draft = (await Revisions.OfKafkaInstanceAsync("ckafka-aaaaaaaa", Token))[0].Settings with
        {
            Security = KafkaSecurityProtocol.SaslPlaintext,
            UserName = "u",
            Password = SecretChange.Replace("canary-8R"),
        };
        var result = await _bench.Get<IClusterService>().SaveKafkaInstanceAsync("ckafka-aaaaaaaa", 1, draft, restartTasks: false, Token);
        Assert.True(result.IsAccepted, result.Text);

        Assert.DoesNotContain("canary-8R", Assert.Single(await _bench.ReadAsync(db => Task.FromResult(db.Revisions.ToList()))).Settings);
        Assert.Equal(("u", SecretChangeKind.Keep), ((await Revisions.OfKafkaInstanceAsync("ckafka-aaaaaaaa", Token))[0].Settings is var kept ? (kept.UserName, kept.Password.Kind) : default));
    }

    [Fact]
    public async Task OfTask_Unknown_IsEmpty() => Assert.Empty(await Revisions.OfTaskAsync("task-unknown1", Token));
}
