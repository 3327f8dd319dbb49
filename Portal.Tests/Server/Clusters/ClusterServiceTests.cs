using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Engine.Specs;
using Portal.Server.Clusters;
using Portal.Server.Data.Entities;
using Portal.Server.Security;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.Clusters;

public sealed class ClusterServiceTests : IDisposable
{
    private const string Canary = "canary-91c2-secret";

    private readonly ServiceBench _bench = new();

    private IClusterService Clusters => _bench.Clusters;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static MqttClusterDraft Broker => new()
    {
        Name = "plant broker",
        Region = "local",
        Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "broker.test", 1883)],
    };

    private static KafkaInstanceDraft Kafka => new()
    {
        Name = "plant kafka",
        Region = "local",
        BootstrapServers = "kafka.test:9092",
        Security = KafkaSecurityProtocol.SaslPlaintext,
        Mechanism = KafkaMechanism.ScramSha512,
        UserName = "portal",
        Password = SecretChange.Replace(Canary),
    };

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task SaveMqttCluster_Twice_StoresAuditsAndCountsRevisions()
    {
        var made = await Clusters.SaveMqttClusterAsync(null, 0, Broker, false, Token);
        var changed = await Clusters.SaveMqttClusterAsync(made.Id, 1, Broker with { Description = "moved" }, false, Token);

        Assert.True(changed.IsAccepted, changed.Text);
        var view = Assert.Single(await Clusters.MqttClustersAsync("local", Token));
        Assert.Equal((made.Id, 2, "moved"), (view.Id, view.Revision, view.Description));
        Assert.Equal(["register", "change"], (await _bench.AuditAsync()).Select(entry => entry.Action));
        Assert.Equal("Description: moved", (await _bench.AuditAsync())[1].Change);
        Assert.Empty(await Clusters.MqttClustersAsync("elsewhere", Token));
    }

    [Fact]
    public async Task Save_ARegionThatWouldPartATask_IsRefusedByNameOnBothSides()
    {
        await _bench.Database.AddAsync(new RegionRow { Code = "other", Name = "Other" });
        await _bench.Database.AddMqttClusterAsync();
        await _bench.Database.AddKafkaInstanceAsync();
        await _bench.Database.AddConnectionAsync();
        await _bench.Database.AddConnectorTaskAsync("line7");

        var cluster = await Clusters.SaveMqttClusterAsync("mqtt-plant001", 1, Broker with { Region = "other" }, false, Token);
        var instance = await Clusters.SaveKafkaInstanceAsync("ckafka-plant001", 1, Kafka with { Region = "other" }, false, Token);

        foreach (var error in new[] { Assert.Single(cluster.Errors), Assert.Single(instance.Errors) })
        {
            Assert.Equal("Region", error.Field);
            Assert.Contains("line7", error.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Save_AnotherRegionThatItsTasksAllow_IsAccepted()
    {
        await _bench.Database.AddAsync(new RegionRow { Code = "other", Name = "Other" });
        await _bench.Database.AddMqttClusterAsync();
        await _bench.Database.AddKafkaInstanceAsync();
        await _bench.Database.AddConnectionAsync();
        var task = await _bench.Database.AddConnectorTaskAsync("line7");
        await using (var db = _bench.Database.CreateDbContext())
        {
            var row = await db.ConnectorTasks.FindAsync([task.Id], Token);
            row!.Settings = row.Settings with { AllowOtherRegion = true };
            await db.SaveChangesAsync(Token);
        }

        Assert.True((await Clusters.SaveMqttClusterAsync("mqtt-plant001", 1, Broker with { Region = "other" }, false, Token)).IsAccepted);
    }

    [Fact]
    public async Task SaveMqttCluster_OfAnOldRevision_IsAConflict()
    {
        await _bench.Database.AddMqttClusterAsync();
        await Clusters.SaveMqttClusterAsync("mqtt-plant001", 1, Broker with { Description = "first" }, false, Token);

        var result = await Clusters.SaveMqttClusterAsync("mqtt-plant001", 1, Broker with { Description = "second" }, false, Token);

        Assert.Equal(CommandOutcome.Conflict, result.Outcome);
        Assert.Equal("first", Assert.Single(await Clusters.MqttClustersAsync(null, Token)).Description);
    }

    [Fact]
    public async Task SaveMqttCluster_WithNothingChanged_KeepsTheRevision()
    {
        await _bench.Database.AddMqttClusterAsync();

        Assert.True((await Clusters.SaveMqttClusterAsync("mqtt-plant001", 1, Broker, true, Token)).IsAccepted);

        Assert.Equal(1, Assert.Single(await Clusters.MqttClustersAsync(null, Token)).Revision);
        Assert.Empty(await _bench.AuditAsync());
    }

    [Fact]
    public async Task SaveMqttCluster_WithAnotherEndpoint_RestartsTheRunningTasksBehindIt()
    {
        await AddPlantAsync();
        var running = await _bench.Database.AddConnectorTaskAsync("runs");
        await _bench.Database.AddConnectorTaskAsync("rests", AskedState.Paused);

        var result = await Clusters.SaveMqttClusterAsync(
            "mqtt-plant001", 1, Broker with { Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "other.test", 1883)] }, true, Token);

        Assert.Equal(FakeRollingRestart.OperationId, result.OperationId);
        Assert.Equal([running.Id], Assert.Single(_bench.Restart.Started).TaskIds);
        Assert.Equal("Endpoints: tcp://broker.test:1883 → tcp://other.test:1883", (await _bench.AuditAsync())[^1].Change);
    }

    [Fact]
    public async Task SaveMqttCluster_WithAnotherDescription_RestartsNothing()
    {
        await AddPlantAsync();
        await _bench.Database.AddConnectorTaskAsync("runs");

        await Clusters.SaveMqttClusterAsync("mqtt-plant001", 1, Broker with { Description = "new" }, true, Token);

        Assert.Empty(_bench.Restart.Started);
    }

    [Fact]
    public async Task Save_ByAViewer_IsForbidden()
    {
        _bench.Actor.Who = ServerDatabase.Vera;

        Assert.Equal(CommandOutcome.Forbidden, (await Clusters.SaveMqttClusterAsync(null, 0, Broker, false, Token)).Outcome);
        Assert.Equal(CommandOutcome.Forbidden, (await Clusters.SaveKafkaInstanceAsync(null, 0, Kafka, false, Token)).Outcome);
        Assert.Equal(CommandOutcome.Forbidden, (await Clusters.RemoveMqttClusterAsync("x", 1, Token)).Outcome);
        Assert.Equal(CommandOutcome.Forbidden, (await Clusters.RemoveKafkaInstanceAsync("x", 1, Token)).Outcome);
        Assert.All(await _bench.AuditAsync(), entry => Assert.Equal("denied", entry.Result));
        Assert.Equal(4, (await _bench.AuditAsync()).Count);
    }

    [Fact]
    public async Task SaveKafkaInstance_KeepsItsSecretsToItself()
    {
        var made = await Clusters.SaveKafkaInstanceAsync(null, 0, Kafka, false, Token);
        await Clusters.SaveKafkaInstanceAsync(made.Id, 1, Kafka with { Description = "kept", Password = SecretChange.Keep }, false, Token);

        var row = await _bench.Database.ReadAsync(async db => (await db.KafkaInstances.FindAsync([made.Id], Token))!);
        Assert.Equal(Canary, _bench.Database.Secrets.Reveal(SecretKind.KafkaPassword, row.Password));
        var spec = _bench.Specs.Kafka(row);
        Assert.Equal(
            (KafkaSecurity.SaslPlaintext, KafkaSaslMechanism.ScramSha512, "portal", Canary),
            (spec.Security, spec.Mechanism, spec.UserName, spec.Password));
        var view = Assert.Single(await Clusters.KafkaInstancesAsync(null, Token));
        Assert.True(view.HasPassword);
        Assert.All([row.Password!, view.ToString(), spec.ToString(), .. (await _bench.AuditAsync()).Select(entry => entry.Change)],
            text => Assert.DoesNotContain(Canary, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task SaveKafkaInstance_MovedSecret_CannotBeReadAsAnotherKind()
    {
        var made = await Clusters.SaveKafkaInstanceAsync(null, 0, Kafka, false, Token);
        var row = await _bench.Database.ReadAsync(async db => (await db.KafkaInstances.FindAsync([made.Id], Token))!);

        Assert.Throws<System.Security.Cryptography.CryptographicException>(
            () => _bench.Database.Secrets.Reveal(SecretKind.ConnectionPassword, row.Password));
    }

    [Fact]
    public async Task RemoveMqttCluster_WhileConnectionsUseIt_NamesThem()
    {
        await AddPlantAsync();

        var result = await Clusters.RemoveMqttClusterAsync("mqtt-plant001", 1, Token);

        Assert.Equal(CommandOutcome.Refused, result.Outcome);
        Assert.Contains("1 connection: plant.", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemoveKafkaInstance_WhileTasksUseIt_NamesThem()
    {
        await AddPlantAsync();
        foreach (var number in Enumerable.Range(1, 12))
        {
            await _bench.Database.AddConnectorTaskAsync($"task-{number:00}");
        }

        var result = await Clusters.RemoveKafkaInstanceAsync("ckafka-plant001", 1, Token);

        Assert.Equal(CommandOutcome.Refused, result.Outcome);
        Assert.Contains("12 tasks: task-01, task-02", result.Text, StringComparison.Ordinal);
        Assert.Contains("task-10 and 2 more.", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_OfWhatNobodyUses_RemovesIt()
    {
        await _bench.Database.AddMqttClusterAsync();
        await _bench.Database.AddKafkaInstanceAsync();

        Assert.True((await Clusters.RemoveMqttClusterAsync("mqtt-plant001", 1, Token)).IsAccepted);
        Assert.True((await Clusters.RemoveKafkaInstanceAsync("ckafka-plant001", 1, Token)).IsAccepted);

        Assert.Empty(await Clusters.MqttClustersAsync(null, Token));
        Assert.Empty(await Clusters.KafkaInstancesAsync(null, Token));
    }

    [Fact]
    public async Task Remove_OfTheEmbeddedBroker_WaitsUntilTheSandboxIsOff()
    {
        _bench.Actor.Who = Actor.System;
        var made = await Clusters.SaveMqttClusterAsync(null, 0, Broker with { Kind = MqttClusterKind.Embedded }, false, Token);
        _bench.Actor.Who = ServerDatabase.Anna;

        var refused = await Clusters.RemoveMqttClusterAsync(made.Id!, 1, Token);
        var removed = await _bench.NewClusters(sandboxEnabled: false).RemoveMqttClusterAsync(made.Id!, 1, Token);

        Assert.Equal(CommandOutcome.Refused, refused.Outcome);
        Assert.Contains("Sandbox:Enabled", refused.Text, StringComparison.Ordinal);
        Assert.True(removed.IsAccepted, removed.Text);
    }

    [Fact]
    public async Task TestKafkaInstance_WithThePasswordLeftAlone_TakesTheStoredOne()
    {
        var made = await Clusters.SaveKafkaInstanceAsync(null, 0, Kafka, false, Token);

        var reports = await Clusters.TestKafkaInstanceAsync(made.Id, Kafka with { BootstrapServers = "moved.test:9092", Password = SecretChange.Keep }, Token).ToListAsync(Token);

        Assert.True(reports[^1].Passed);
        var spec = Assert.Single(_bench.Probe.KafkaProbes);
        Assert.Equal(("moved.test:9092", Canary), (spec.BootstrapServers, spec.Password));
        Assert.Equal("kafka.test:9092", Assert.Single(await Clusters.KafkaInstancesAsync(null, Token)).BootstrapServers);
    }

    [Fact]
    public async Task TestKafkaInstance_AsItIsStored_IsKeptUntilItsAddressChanges()
    {
        var made = await Clusters.SaveKafkaInstanceAsync(null, 0, Kafka, false, Token);
        var stored = Kafka with { Password = SecretChange.Keep };
        Assert.Empty((await Clusters.KafkaChecksAsync(made.Id!, 20, Token))!);

        await Clusters.TestKafkaInstanceAsync(made.Id, stored, Token).ToListAsync(Token);
        _bench.Probe.Answer = FakeEndpointProbe.Failing("Refused.", "Look there.") with
        {
            Kafka = new KafkaFacts([new KafkaBrokerFacts(1, "kafka.test", 9092) { IsReached = true }]) { ClusterId = "c" },
        };
        // Another name is no other Kafka; another user or address is.
        await Clusters.TestKafkaInstanceAsync(made.Id, stored with { Name = "renamed" }, Token).ToListAsync(Token);
        await Clusters.TestKafkaInstanceAsync(made.Id, stored with { UserName = "other" }, Token).ToListAsync(Token);
        await Clusters.TestKafkaInstanceAsync(null, Kafka with { Name = "new" }, Token).ToListAsync(Token);

        var checks = (await Clusters.KafkaChecksAsync(made.Id!, 20, Token))!;
        Assert.Equal([false, true], checks.Select(check => check.Report.Passed));
        Assert.Equal(("anna", "c", "kafka.test:9092"), (checks[0].Actor, checks[0].Report.Kafka!.ClusterId, Assert.Single(checks[0].Report.Kafka!.Brokers).Address));
        Assert.All(checks, check => Assert.False(check.IsOutdated));

        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await Clusters.SaveKafkaInstanceAsync(made.Id, 1, stored with { BootstrapServers = "moved.test:9092" }, false, Token)).IsAccepted);
        Assert.All((await Clusters.KafkaChecksAsync(made.Id!, 20, Token))!, check => Assert.True(check.IsOutdated));
        Assert.Null(await Clusters.KafkaChecksAsync("ckafka-unknown1", 20, Token));

        Assert.True((await Clusters.RemoveKafkaInstanceAsync(made.Id!, 2, Token)).IsAccepted);
        Assert.Empty(await _bench.Database.ReadAsync(db => Task.FromResult(db.KafkaChecks.ToList())));
    }

    [Fact]
    public async Task SaveKafkaInstance_OfWhatJustPassed_KeepsThatTest()
    {
        await Clusters.TestKafkaInstanceAsync(null, Kafka, Token).ToListAsync(Token);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        var made = await Clusters.SaveKafkaInstanceAsync(null, 0, Kafka, false, Token);
        Assert.False(Assert.Single((await Clusters.KafkaChecksAsync(made.Id!, 20, Token))!).IsOutdated);

        var moved = Kafka with { BootstrapServers = "moved.test:9092", Password = SecretChange.Keep };
        await Clusters.TestKafkaInstanceAsync(made.Id, moved, Token).ToListAsync(Token);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await Clusters.SaveKafkaInstanceAsync(made.Id, 1, moved with { Description = "told later" }, false, Token)).IsAccepted);

        var checks = (await Clusters.KafkaChecksAsync(made.Id!, 20, Token))!;
        Assert.Equal([false, true], checks.Select(check => check.IsOutdated));
        Assert.Equal(("anna", true), (checks[0].Actor, checks[0].Report.Passed));
        Assert.Equal(ConnectionStatus.Running, Assert.Single(await Clusters.HealthAsync(Token)).Status);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("other")]
    [InlineData("old")]
    [InlineData("somebody else's")]
    public async Task SaveKafkaInstance_OfWhatDidNotJustPass_KeepsNoTest(string why)
    {
        var made = await Clusters.SaveKafkaInstanceAsync(null, 0, Kafka, false, Token);
        var moved = Kafka with { BootstrapServers = "moved.test:9092" };
        _bench.Probe.Answer = why == "failed" ? FakeEndpointProbe.Failing("Refused.", "Look there.") : FakeEndpointProbe.Passing;
        _bench.Actor.Who = why == "somebody else's" ? await _bench.Database.AddAdministratorAsync("boris") : ServerDatabase.Anna;
        await Clusters.TestKafkaInstanceAsync(made.Id, why == "other" ? moved with { Password = SecretChange.Replace("another") } : moved, Token).ToListAsync(Token);
        _bench.Actor.Who = ServerDatabase.Anna;
        _bench.Time.Advance(why == "old" ? PassedTests.Fresh : TimeSpan.FromMinutes(1));

        Assert.True((await Clusters.SaveKafkaInstanceAsync(made.Id, 1, moved, false, Token)).IsAccepted);

        Assert.Empty((await Clusters.KafkaChecksAsync(made.Id!, 20, Token))!);
    }

    [Fact]
    public async Task TestKafkaInstance_DuringWhichItsAddressChanges_IsNotKept()
    {
        var made = await Clusters.SaveKafkaInstanceAsync(null, 0, Kafka, false, Token);
        var stored = Kafka with { Password = SecretChange.Keep };
        _bench.Probe.Script = System.Threading.Channels.Channel.CreateUnbounded<ProbeReport>();
        var test = Clusters.TestKafkaInstanceAsync(made.Id, stored, Token).ToListAsync(Token).AsTask();
        await Eventually.TrueAsync(() => _bench.Probe.KafkaProbes.Count == 1, "the probe began");
        _bench.Time.Advance(TimeSpan.FromSeconds(1));

        await Clusters.SaveKafkaInstanceAsync(made.Id, 1, stored with { BootstrapServers = "moved.test:9092" }, false, Token);
        await _bench.Probe.Script.Writer.WriteAsync(FakeEndpointProbe.Passing, Token);
        _bench.Probe.Script.Writer.Complete();
        await test;

        Assert.Empty((await Clusters.KafkaChecksAsync(made.Id!, 20, Token))!);
    }

    [Fact]
    public async Task Health_OfAKafkaInstance_IsThatOfItsTestsAndSinceWhen()
    {
        var made = await Clusters.SaveKafkaInstanceAsync(null, 0, Kafka, false, Token);
        var stored = Kafka with { Password = SecretChange.Keep };
        Assert.Empty(await Clusters.HealthAsync(Token));
        var start = _bench.Time.GetUtcNow();
        foreach (var answer in new[] { FakeEndpointProbe.Failing("Refused.", "Look there."), FakeEndpointProbe.Passing, FakeEndpointProbe.Passing })
        {
            _bench.Probe.Answer = answer;
            await Clusters.TestKafkaInstanceAsync(made.Id, stored, Token).ToListAsync(Token);
            _bench.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var health = Assert.Single(await Clusters.HealthAsync(Token));
        Assert.Equal((made.Id, ConnectionStatus.Running, start.AddMinutes(2), start.AddMinutes(1), null), (health.Id, health.Status, health.CheckedAt, health.Since, health.Cause));

        await Clusters.SaveKafkaInstanceAsync(made.Id, 1, stored with { BootstrapServers = "moved.test:9092" }, false, Token);
        health = Assert.Single(await Clusters.HealthAsync(Token));
        Assert.Equal((ConnectionStatus.Outdated, start.AddMinutes(3)), (health.Status, health.Since));

        _bench.Probe.Answer = FakeEndpointProbe.Failing("Refused.", "Look there.");
        await Clusters.TestKafkaInstanceAsync(made.Id, stored with { BootstrapServers = "moved.test:9092" }, Token).ToListAsync(Token);
        health = Assert.Single(await Clusters.HealthAsync(Token));
        Assert.Equal((ConnectionStatus.Abnormal, start.AddMinutes(3), "Refused. Look there."), (health.Status, health.Since, health.Cause));
    }

    [Fact]
    public async Task Health_OfAnMqttCluster_IsGoodWhileOneConnectionIs()
    {
        await AddPlantAsync();
        await _bench.Database.AddConnectionAsync(name: "other", id: "resource-plant002");
        Assert.Empty(await Clusters.HealthAsync(Token));
        var start = _bench.Time.GetUtcNow();
        await _bench.Connections.TestAsync("resource-plant001", Token).ToListAsync(Token);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        _bench.Probe.Answer = FakeEndpointProbe.Failing("Refused.", "Look there.");
        await _bench.Connections.TestAsync("resource-plant002", Token).ToListAsync(Token);

        var health = Assert.Single(await Clusters.HealthAsync(Token));
        Assert.Equal(
            ("mqtt-plant001", ConnectionStatus.Running, start.AddMinutes(1), start, "1 of its 2 connections is not available."),
            (health.Id, health.Status, health.CheckedAt, health.Since, health.Cause));

        await _bench.Connections.TestAsync("resource-plant001", Token).ToListAsync(Token);
        health = Assert.Single(await Clusters.HealthAsync(Token));
        Assert.Equal((ConnectionStatus.Abnormal, start.AddMinutes(1), "Refused. Look there."), (health.Status, health.Since, health.Cause));

        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        await Clusters.SaveMqttClusterAsync("mqtt-plant001", 1, Broker with { Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "moved.test", 1883)] }, false, Token);
        health = Assert.Single(await Clusters.HealthAsync(Token));
        Assert.Equal((ConnectionStatus.Outdated, start.AddMinutes(2)), (health.Status, health.Since));
    }

    [Fact]
    public async Task SaveMqttCluster_OfAnotherAddress_NamesTheConnectionsWhoseCheckItOutdates()
    {
        await _bench.Database.AddMqttClusterAsync();
        await _bench.Database.AddConnectionAsync(name: "plant two");
        await _bench.Database.AddConnectionAsync(name: "plant one", id: "resource-plant002");
        await _bench.Database.AddConnectionAsync(name: "never checked", id: "resource-plant003");
        foreach (var id in new[] { "resource-plant001", "resource-plant002" })
        {
            await _bench.Connections.TestAsync(id, Token).ToListAsync(Token);
        }

        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        var renamed = await Clusters.SaveMqttClusterAsync("mqtt-plant001", 1, Broker with { Description = "another word" }, false, Token);
        var moved = await Clusters.SaveMqttClusterAsync(
            "mqtt-plant001", 2, Broker with { Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "moved.test", 1883)] }, false, Token);

        Assert.Empty(renamed.OutdatedConnections);
        Assert.Equal(["resource-plant002", "resource-plant001"], moved.OutdatedConnections);
    }

    [Fact]
    public async Task TestMqttCluster_SignsInAsNobody()
    {
        await Clusters.TestMqttClusterAsync(null, Broker, Token).ToListAsync(Token);

        Assert.Null(Assert.Single(_bench.Probe.MqttProbes).UserName);
        Assert.True(Assert.Single(_bench.Probe.UserFollows));
        Assert.Empty(await Clusters.MqttClustersAsync(null, Token));
    }

    [Fact]
    public async Task Topics_OfAnInstanceThatDoesNotAnswer_SayWhy()
    {
        await _bench.Database.AddAsync(new Portal.Server.Data.Entities.KafkaInstance
        {
            Id = "ckafka-nowhere1",
            Name = "nowhere",
            Region = "local",
            BootstrapServers = $"127.0.0.1:{FreePort.Next()}",
            CreatedBy = "anna",
        });

        var (topics, cause) = await Clusters.TopicsAsync("ckafka-nowhere1", Token);

        Assert.Empty(topics);
        Assert.Contains("Connection refused", cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DependentTasks_OfBothKinds_AreListedByName()
    {
        await AddPlantAsync();
        await _bench.Database.AddConnectorTaskAsync("b");
        await _bench.Database.AddConnectorTaskAsync("a", AskedState.Paused);

        var ofBroker = await Clusters.DependentTasksAsync("mqtt-plant001", Token);
        var ofKafka = await Clusters.DependentTasksAsync("ckafka-plant001", Token);

        Assert.Equal([("a", false, 1), ("b", true, 1)], ofBroker.Select(task => (task.Name, task.Running, task.Qos)));
        Assert.Equal(ofBroker, ofKafka);
    }

    private async Task AddPlantAsync()
    {
        await _bench.Database.AddMqttClusterAsync();
        await _bench.Database.AddKafkaInstanceAsync();
        await _bench.Database.AddConnectionAsync();
    }
}
