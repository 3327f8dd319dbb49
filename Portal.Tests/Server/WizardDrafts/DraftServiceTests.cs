using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Client.Contracts;
using Portal.Server.WizardDrafts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.WizardDrafts;

public sealed class DraftServiceTests : IDisposable
{
    private const string Canary = "canary-51ab-password";

    private readonly ServiceBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DraftService Service => new(_bench.Database, _bench.Gate, _bench.Actor, _bench.Database.Secrets, _bench.Time);

    /// <summary>Every member away from its default, so that a member that is not stored is seen.</summary>
    private static ConnectorTaskDraft Full => new()
    {
        Name = "line7",
        Description = "half done",
        ConnectionId = "resource-plant001",
        Topics = ["a/#", "b"],
        Qos = 2,
        CleanSession = true,
        Clients = 3,
        Filter = "payload.t > ",
        Key = KeyKind.Template,
        KeyArgument = "{topic[",
        Timestamp = TimestampKind.PayloadPath,
        TimestampPath = "$.at",
        HeaderPrefix = "x-",
        MessageHeaders = false,
        PropertyHeaders = false,
        ExtensionHeaders = false,
        UserPropertyHeaders = false,
        EmptyPayloadIsTombstone = true,
        KafkaInstanceId = "ckafka-plant001",
        AllowOtherRegion = true,
        Distribution = DistributionPolicy.TopicMap,
        Topic = "t",
        TopicMap = [new("a/#", "x"), new("", "")],
        TopicTemplate = "{topic}",
        AutoCreate = new TopicCreationSettings { Partitions = 7, RetentionHours = 5 },
        Compression = CompressionKind.Zstd,
        Partitioning = PartitioningKind.Fixed,
        FixedPartition = 3,
        OnFailure = FailurePolicyKind.Stop,
        DeadLetterTopic = "dead",
        RetryAttempts = 9,
        RetryIntervalSeconds = 8,
    };

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Save_EveryField_IsFoundAgainByAnotherServer()
    {
        var id = Service.NewId();
        Assert.True((await Service.SaveAsync(id, Full, "mapping", Token)).IsAccepted);

        var found = await Service.FindAsync<ConnectorTaskDraft>(id, Token);

        Assert.Equivalent(Full, found!.Content, strict: true);
        Assert.Equal(new DraftSummary(id, DraftKind.ConnectorTask, "line7", "mapping", _bench.Time.GetUtcNow(), _bench.Time.GetUtcNow().AddDays(30)), found.Summary);
        Assert.Null(await Service.FindAsync<ConnectionDraft>(id, Token));
    }

    [Fact]
    public async Task Save_Password_RestsEncryptedAndComesBack()
    {
        var id = Service.NewId();
        var draft = new ConnectionDraft { Name = "plant", MqttClusterId = "mqtt-plant001", UserName = "u", Password = SecretChange.Replace(Canary) };
        await Service.SaveAsync(id, draft, "details", Token);

        var row = await _bench.Database.ReadAsync(db => db.Drafts.SingleAsync(Token));
        Assert.DoesNotContain(Canary, row.Content + row.Secrets + row.Title);
        Assert.NotNull(row.Secrets);
        Assert.Equal(draft, (await Service.FindAsync<ConnectionDraft>(id, Token))!.Content);

        await Service.SaveAsync(id, draft with { Password = SecretChange.Keep }, "details", Token);
        Assert.Null((await _bench.Database.ReadAsync(db => db.Drafts.SingleAsync(Token))).Secrets);
    }

    [Fact]
    public async Task Save_AnEdit_IsFoundByTheThingItChangesAndListedAmongNoWizardsDrafts()
    {
        var id = await Service.IdOfEditAsync("task-a");
        var edit = new EditDraft<ConnectorTaskDraft>(4, Full, Full with { Clients = 9 });
        Assert.True((await Service.SaveAsync(id, edit, "edit", Token)).IsAccepted);

        var found = await Service.FindAsync<EditDraft<ConnectorTaskDraft>>(await Service.IdOfEditAsync("task-a"), Token);

        Assert.Equivalent(edit, found!.Content, strict: true);
        Assert.NotEqual(id, await Service.IdOfEditAsync("task-b"));
        Assert.Empty(await Service.ListAsync(DraftKind.ConnectorTask, Token));
        _bench.Actor.Who = new("olga", "user-olga");
        Assert.NotEqual(id, await Service.IdOfEditAsync("task-a"));
    }

    [Fact]
    public async Task Save_PasswordAndKey_RestEncryptedAndComeBack()
    {
        const string Key = "canary-77d0-key";
        var before = new KafkaInstanceDraft { Name = "orders", Region = "local", BootstrapServers = "kafka-1:9092", CaPem = "pem" };
        var typed = before with { Password = SecretChange.Replace(Canary), ClientKey = SecretChange.Replace(Key) };
        var edit = new EditDraft<KafkaInstanceDraft>(4, before, typed);
        var cluster = new MqttClusterDraft
        {
            Name = "north",
            Endpoints = [new ClusterEndpoint(EndpointTransport.Wss, "mq.north.example", 8084, "/mqtt")],
            MinimumTls = MinimumTls.Tls13,
            ClientKey = SecretChange.Replace(Key),
        };
        var (editId, newId) = (await Service.IdOfEditAsync("ckafka-a"), Service.NewId());
        Assert.True((await Service.SaveAsync(editId, edit, "form", Token)).IsAccepted);
        Assert.True((await Service.SaveAsync(newId, cluster, "form", Token)).IsAccepted);

        foreach (var row in await _bench.Database.ReadAsync(db => db.Drafts.ToListAsync(Token)))
        {
            Assert.All([Canary, Key], secret => Assert.DoesNotContain(secret, row.Content + row.Secrets + row.Title));
        }

        Assert.Equal(edit, (await Service.FindAsync<EditDraft<KafkaInstanceDraft>>(editId, Token))!.Content);
        Assert.Equivalent(cluster, (await Service.FindAsync<MqttClusterDraft>(newId, Token))!.Content, strict: true);
        Assert.Equal("north", Assert.Single(await Service.ListAsync(DraftKind.MqttCluster, Token)).Title);
        Assert.Empty(await Service.ListAsync(DraftKind.KafkaInstance, Token));

        var removal = edit with { After = before with { ClientKey = new SecretChange(SecretChangeKind.Remove) } };
        await Service.SaveAsync(editId, removal, "form", Token);
        Assert.Equal(removal, (await Service.FindAsync<EditDraft<KafkaInstanceDraft>>(editId, Token))!.Content);
    }

    [Fact]
    public async Task Save_AnEditOfAPassword_RestsEncryptedAndComesBack()
    {
        var id = await Service.IdOfEditAsync("resource-a");
        var before = new ConnectionDraft { Name = "plant", MqttClusterId = "mqtt-plant001", UserName = "u" };
        var edit = new EditDraft<ConnectionDraft>(4, before, before with { Password = SecretChange.Replace(Canary) });
        await Service.SaveAsync(id, edit, "edit", Token);

        var row = await _bench.Database.ReadAsync(db => db.Drafts.SingleAsync(Token));
        Assert.DoesNotContain(Canary, row.Content + row.Secrets + row.Title);
        Assert.Equal(edit, (await Service.FindAsync<EditDraft<ConnectionDraft>>(id, Token))!.Content);

        var removal = edit with { After = before with { Password = new SecretChange(SecretChangeKind.Remove) } };
        await Service.SaveAsync(id, removal, "edit", Token);
        Assert.Equal(removal, (await Service.FindAsync<EditDraft<ConnectionDraft>>(id, Token))!.Content);
    }

    [Fact]
    public async Task Draft_OfAnotherPerson_IsNeitherSeenNorChangedNorDeleted()
    {
        var id = Service.NewId();
        await Service.SaveAsync(id, Full, "basics", Token);
        _bench.Actor.Who = new("olga", "user-olga");
        await AddAdministratorAsync("olga");

        Assert.Empty(await Service.ListAsync(DraftKind.ConnectorTask, Token));
        Assert.Null(await Service.FindAsync<ConnectorTaskDraft>(id, Token));
        Assert.Equal(CommandOutcome.NotFound, (await Service.SaveAsync(id, Full with { Name = "mine" }, "basics", Token)).Outcome);
        await Service.DeleteAsync(id, Token);
        _bench.Actor.Who = ServerDatabase.Anna;
        Assert.Equal("line7", Assert.Single(await Service.ListAsync(DraftKind.ConnectorTask, Token)).Title);
    }

    [Fact]
    public async Task Save_ByAViewer_IsForbidden()
    {
        _bench.Actor.Who = ServerDatabase.Vera;

        Assert.Equal(CommandOutcome.Forbidden, (await Service.SaveAsync(Service.NewId(), Full, "basics", Token)).Outcome);
        Assert.Empty(await _bench.Database.ReadAsync(db => db.Drafts.ToListAsync(Token)));
    }

    [Fact]
    public async Task Save_MoreThanFifty_TheOldestGoes()
    {
        for (var number = 0; number <= 50; number++)
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(1));
            await Service.SaveAsync(Service.NewId(), Full with { Name = $"d{number}" }, "basics", Token);
        }

        var titles = (await Service.ListAsync(DraftKind.ConnectorTask, Token)).Select(draft => draft.Title).ToList();

        Assert.Equal((50, "d50", "d1"), (titles.Count, titles[0], titles[^1]));
    }

    [Fact]
    public async Task Prune_AfterThirtyDays_RemovesOnlyWhatWasNotSavedSince()
    {
        var (old, young) = (Service.NewId(), Service.NewId());
        await Service.SaveAsync(old, Full, "basics", Token);
        _bench.Time.Advance(TimeSpan.FromDays(20));
        await Service.SaveAsync(young, Full, "basics", Token);
        _bench.Time.Advance(TimeSpan.FromDays(10));
        Assert.Null(await Service.FindAsync<ConnectorTaskDraft>(old, Token));

        var gone = await new PruneDrafts(_bench.Database, _bench.Time, NullLogger<PruneDrafts>.Instance).PruneAsync(Token);

        Assert.Equal((1, young), (gone, (await _bench.Database.ReadAsync(db => db.Drafts.SingleAsync(Token))).Id));
    }

    [Theory]
    [InlineData("draft-1")]
    [InlineData("task-aaaaaaaa")]
    [InlineData("draft-aaaaaaaa/../x")]
    public async Task Save_IdOfNoDraft_IsRefused(string id) =>
        Assert.Equal(CommandOutcome.Refused, (await Service.SaveAsync(id, Full, "basics", Token)).Outcome);

    private async Task AddAdministratorAsync(string name)
    {
        var role = await _bench.Database.ReadAsync(db => db.Roles.SingleAsync(one => one.Name == Roles.Administrator, Token));
        await _bench.Database.AddAsync(
            new Portal.Server.Data.Entities.PortalUser { Id = $"user-{name}", UserName = name, NormalizedUserName = name.ToUpperInvariant() },
            new Microsoft.AspNetCore.Identity.IdentityUserRole<string> { UserId = $"user-{name}", RoleId = role.Id });
    }
}
