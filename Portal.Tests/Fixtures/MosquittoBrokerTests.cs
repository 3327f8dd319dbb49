using MQTTnet;

namespace Portal.Tests.Fixtures;

/// <summary>The fixture is a promise to other tests, so it is tested itself.</summary>
public sealed class MosquittoBrokerTests
{
    [Fact]
    public async Task Restart_AfterSaveAndKill_KeepsSessionsAndQueues()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, "publisher");
        var before = await TestMqttClient.ResumeAsync(broker.Port, "member");
        await before.SubscribeAsync("$share/g/a");
        await before.DisposeAsync();
        await publisher.PublishAsync("a", "kept");

        await broker.SaveAsync();
        await broker.KillAsync();
        await broker.RestartAsync();

        await using var after = await TestMqttClient.ResumeAsync(broker.Port, "member");
        Assert.True(after.Connack.IsSessionPresent, broker.Log);
        await Eventually.TrueAsync(() => after.Texts.Contains("kept"), "the queued message arrived");
    }

    [Fact]
    public async Task Freeze_UntilThaw_AnswersNothing()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var client = await TestMqttClient.ConnectAsync(broker.Port, "client");

        broker.Freeze();
        var publish = client.PublishAsync("a", "late");
        Assert.NotEqual(publish, await Task.WhenAny(publish, Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken)));
        broker.Thaw();

        Assert.True((await publish).IsSuccess);
    }

    [Fact]
    public async Task Connect_WithAWrongPassword_IsRefused()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var client = await TestMqttClient.ConnectAsync(broker.Port, "client", "tester", "wrong");

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, client.Connack.ResultCode);
    }
}
