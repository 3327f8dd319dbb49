using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Sandbox.Mqtt;

public sealed class SharedGroupTests
{
    private const string Shared = "$share/g/plant/#";

    [Fact]
    public async Task Connack_OfMqtt5_OffersSharedSubscriptions()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await TestMqttClient.ConnectAsync(broker.Port, "a");

        Assert.True(client.Connack.SharedSubscriptionAvailable);
    }

    [Fact]
    public async Task TwoMembers_ManyMessages_ShareTheLoadAndLoseNothing()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var first = await TestMqttClient.ConnectAsync(broker.Port, "first");
        await using var second = await TestMqttClient.ConnectAsync(broker.Port, "second");
        await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, "publisher");
        await first.SubscribeAsync(Shared);
        await second.SubscribeAsync(Shared);

        for (var i = 0; i < 200; i++)
        {
            await publisher.PublishAsync("plant/line1/temp", $"{i}");
        }

        await Eventually.TrueAsync(() => first.Received.Count + second.Received.Count >= 200, "all messages arrived");
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}").Order(), first.Texts.Concat(second.Texts).Order());
        Assert.Equal(100, first.Received.Count);
    }

    [Fact]
    public async Task TwoGroups_OneMessage_EachGetsIt()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var first = await TestMqttClient.ConnectAsync(broker.Port, "first");
        await using var second = await TestMqttClient.ConnectAsync(broker.Port, "second");
        await first.SubscribeAsync("$share/g1/plant/+");
        await second.SubscribeAsync("$share/g2/#");

        await first.PublishAsync("plant/line1", "x");

        await Eventually.TrueAsync(() => first.Received.Count == 1 && second.Received.Count == 1, "both groups got it");
    }

    [Fact]
    public async Task PlainAndShared_SameClient_GetsBoth()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await TestMqttClient.ConnectAsync(broker.Port, "a");
        await client.SubscribeAsync("plant/#");
        await client.SubscribeAsync(Shared);

        await client.PublishAsync("plant/line1", "x");

        await Eventually.TrueAsync(() => client.Received.Count == 2, "one copy for each subscription");
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(2, 0, 0)]
    public async Task Member_WithGrantedQos_ReceivesTheLower(int granted, int published, int received)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await TestMqttClient.ConnectAsync(broker.Port, "a");

        var answer = await client.SubscribeAsync(Shared, granted);
        await client.PublishAsync("plant/line1", "x", published);

        Assert.Equal(granted, (int)answer);
        await Eventually.TrueAsync(() => client.Received.Count == 1, "it arrived");
        Assert.Equal(received, (int)client.Received.Single().QualityOfServiceLevel);
    }

    [Fact]
    public async Task Subscribe_WithSeveralFilters_AnswersEachInItsPlace()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await TestMqttClient.ConnectAsync(broker.Port, "a");

        var answers = await client.SubscribeAsync(Filter("a", 0), Filter("$share/g/b", 1), Filter("c", 2), Filter("$share//d", 1), Filter("e", 1));

        Assert.Equal(
            [
                MqttClientSubscribeResultCode.GrantedQoS0, MqttClientSubscribeResultCode.GrantedQoS1, MqttClientSubscribeResultCode.GrantedQoS2,
                MqttClientSubscribeResultCode.TopicFilterInvalid, MqttClientSubscribeResultCode.GrantedQoS1,
            ],
            answers);
    }

    [Fact]
    public async Task Unsubscribe_OfOneMember_GivesTheOtherEverything()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var stays = await TestMqttClient.ConnectAsync(broker.Port, "stays");
        await using var leaves = await TestMqttClient.ConnectAsync(broker.Port, "leaves");
        await stays.SubscribeAsync(Shared);
        await leaves.SubscribeAsync(Shared);

        Assert.Equal(MqttClientUnsubscribeResultCode.Success, await leaves.UnsubscribeAsync(Shared));
        Assert.Equal(MqttClientUnsubscribeResultCode.NoSubscriptionExisted, await leaves.UnsubscribeAsync(Shared));
        for (var i = 0; i < 10; i++)
        {
            await leaves.PublishAsync("plant/line1", $"{i}");
        }

        await Eventually.TrueAsync(() => stays.Received.Count == 10, "all went to the one that stayed");
        Assert.Empty(leaves.Received);
    }

    [Fact]
    public async Task OfflineMember_WhileAnotherIsOnline_GetsNothing()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var online = await TestMqttClient.ConnectAsync(broker.Port, "online");
        await online.SubscribeAsync(Shared);
        var offline = await TestMqttClient.ResumeAsync(broker.Port, "offline");
        await offline.SubscribeAsync(Shared);
        await offline.DisposeAsync();
        await Eventually.TrueAsync(async () => !(await broker.GetClientIdsAsync()).Contains("offline"), "the broker saw it go");

        for (var i = 0; i < 10; i++)
        {
            await online.PublishAsync("plant/line1", $"{i}");
        }

        await Eventually.TrueAsync(() => online.Received.Count == 10, "all went to the one online");
    }

    [Fact]
    public async Task OfflineMember_WhileNobodyIsOnline_FindsTheMessagesWhenItResumes()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, "publisher");
        var before = await TestMqttClient.ResumeAsync(broker.Port, "member");
        await before.SubscribeAsync(Shared);
        await before.DisposeAsync();
        await Eventually.TrueAsync(async () => !(await broker.GetClientIdsAsync()).Contains("member"), "the broker saw it go");

        for (var i = 0; i < 10; i++)
        {
            await publisher.PublishAsync("plant/line1", $"{i}");
        }

        await using var after = await TestMqttClient.ResumeAsync(broker.Port, "member");
        await publisher.PublishAsync("plant/line1", "10");

        Assert.True(after.Connack.IsSessionPresent);
        await Eventually.TrueAsync(() => after.Received.Count == 11, "queued and new ones arrived");
        Assert.Equal(Enumerable.Range(0, 11).Select(i => $"{i}"), after.Texts);
    }

    [Fact]
    public async Task Member_ResumingAgainAndAgainUnderLoad_LosesNothing()
    {
        await using var broker = await TestBroker.StartAsync();
        var first = await TestMqttClient.ResumeAsync(broker.Port, "member");
        await first.SubscribeAsync(Shared);
        var clients = new List<TestMqttClient> { first };
        var publishing = Task.WhenAll(Enumerable.Range(0, 4).Select(async part =>
        {
            await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, $"publisher{part}");
            for (var i = 0; i < 2000; i++)
            {
                await publisher.PublishAsync("plant/line1", $"{(part * 2000) + i}");
            }
        }));

        while (!publishing.IsCompleted)
        {
            // Takes the session over from the one before.
            clients.Add(await TestMqttClient.ResumeAsync(broker.Port, "member"));
        }

        await publishing;
        await Eventually.TrueAsync(() => clients.SelectMany(client => client.Texts).Distinct().Count() == 8000, "every number arrived");
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task CleanStart_OfAMember_LeavesTheGroup()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, "publisher");
        await using var witness = await TestMqttClient.ConnectAsync(broker.Port, "witness");
        await witness.SubscribeAsync(Shared);
        var before = await TestMqttClient.ResumeAsync(broker.Port, "member");
        await before.SubscribeAsync(Shared);
        await before.DisposeAsync();

        await using var after = await TestMqttClient.ConnectAsync(broker.Port, "member");
        for (var i = 0; i < 10; i++)
        {
            await publisher.PublishAsync("plant/line1", $"{i}");
        }

        await Eventually.TrueAsync(() => witness.Received.Count == 10, "all went to the only member");
        Assert.Empty(after.Received);
    }

    [Fact]
    public async Task RetainAsPublished_OnASharedSubscription_KeepsTheFlagOfLiveMessages()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var asPublished = await TestMqttClient.ConnectAsync(broker.Port, "as-published");
        await using var plain = await TestMqttClient.ConnectAsync(broker.Port, "plain");
        await plain.PublishAsync("plant/state", "old", retain: true);
        await asPublished.SubscribeAsync("$share/g1/plant/#", retainAsPublished: true);
        await plain.SubscribeAsync("$share/g2/plant/#");

        await plain.PublishAsync("plant/state", "new", retain: true);

        await Eventually.TrueAsync(() => asPublished.Received.Count == 1 && plain.Received.Count == 1, "both groups got the live one only");
        Assert.True(asPublished.Received.Single().Retain);
        Assert.False(plain.Received.Single().Retain);
    }

    private static MqttTopicFilter Filter(string topic, int qos) =>
        new() { Topic = topic, QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos };
}
