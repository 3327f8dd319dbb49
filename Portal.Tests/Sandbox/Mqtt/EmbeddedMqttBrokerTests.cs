using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using Portal.Sandbox.Mqtt;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Sandbox.Mqtt;

public sealed class EmbeddedMqttBrokerTests
{
    [Theory]
    [InlineData("tester", "wrong", MqttProtocolVersion.V500)]
    [InlineData("nobody", "secret", MqttProtocolVersion.V500)]
    [InlineData(null, null, MqttProtocolVersion.V500)]
    [InlineData("tester", "wrong", MqttProtocolVersion.V311)]
    public async Task Connect_WithWrongCredentials_IsRefusedWithItsOwnCode(string? user, string? password, MqttProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync();

        await using var client = await TestMqttClient.ConnectAsync(broker.Port, "a", user, password, options => options.WithProtocolVersion(version));

        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, client.Connack.ResultCode);
        Assert.Empty(await broker.GetClientIdsAsync());
    }

    [Fact]
    public void Users_SetAndRemoved_CountFromTheNextConnect()
    {
        var users = new SandboxUsers();
        users.Set("ann", "one");
        users.Set("ann", "two");
        users.Set("bob", "three");

        Assert.False(users.Check("ann", "one"));
        Assert.True(users.Check("ann", "two"));
        Assert.True(users.Remove("bob"));
        Assert.False(users.Remove("bob"));
        Assert.False(users.Check("bob", "three"));
    }

    [Fact]
    public async Task Delivery_OfEveryKind_CarriesTheFiveExtensionProperties()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, "publisher");
        await using var client = await TestMqttClient.ConnectAsync(broker.Port, "client");
        await publisher.PublishAsync("a/retained", "1", retain: true, properties: Property("region", "gz"));
        await client.SubscribeAsync("a/#");
        await client.SubscribeAsync("$share/g/a/#");

        await publisher.PublishAsync("a/live", "2", properties: [Property("$__publisherUsername", "forged"), Property("region", "gz")]);

        await Eventually.TrueAsync(() => client.Received.Count == 3, "retained, plain and shared arrived");
        foreach (var message in client.Received)
        {
            Assert.Equal(
                ["$__messageId", "$__messageTimestamp", "$__publisherClientId", "$__publisherClientHost", "$__publisherUsername", "region"],
                message.UserProperties.Select(property => property.Name));
            Assert.Equal("publisher", Value(message, "$__publisherClientId"));
            Assert.Equal("tester", Value(message, "$__publisherUsername"));
            Assert.StartsWith("127.0.0.1:", Value(message, "$__publisherClientHost"), StringComparison.Ordinal);
            var age = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(Value(message, "$__messageTimestamp"), CultureInfo.InvariantCulture));
            Assert.InRange(age, TimeSpan.FromMinutes(-5), TimeSpan.FromMinutes(5));
        }

        Assert.Equal(2, client.Received.Select(message => Value(message, "$__messageId")).Distinct().Count());
    }

    [Fact]
    public async Task DisconnectClient_OfAPersistentSession_KeepsWhatItDidNotAcknowledge()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, "publisher");
        await using var before = await TestMqttClient.ResumeAsync(broker.Port, "member", holdAcknowledgements: true);
        await before.SubscribeAsync("$share/g/a");
        for (var i = 0; i < 5; i++)
        {
            await publisher.PublishAsync("a", $"{i}");
        }

        await Eventually.TrueAsync(() => before.Received.Count == 5, "all were sent");
        Assert.True(await broker.DisconnectClientAsync("member"));
        Assert.False(await broker.DisconnectClientAsync("nobody"));
        await Eventually.TrueAsync(() => before.Disconnects == 1, "the connection ended");

        await using var after = await TestMqttClient.ResumeAsync(broker.Port, "member");

        await Eventually.TrueAsync(() => after.Received.Count == 5, "all were sent again");
        Assert.Equal(["0", "1", "2", "3", "4"], after.Texts);
    }

    [Fact]
    public async Task FullQueue_OfAnOfflineClient_DropsNewOnesAndSaysSoOnce()
    {
        var log = new ListLogger();
        await using var broker = await TestBroker.StartAsync(maxPending: 3, logger: log);
        await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, "publisher");
        foreach (var filter in (string[])["plain/a", "$share/g/shared/a"])
        {
            var clientId = filter.Split('/')[0].TrimStart('$');
            var client = await TestMqttClient.ResumeAsync(broker.Port, clientId);
            await client.SubscribeAsync(filter);
            await client.DisposeAsync();
            await Eventually.TrueAsync(async () => !(await broker.GetClientIdsAsync()).Contains(clientId), "the broker saw it go");
        }

        for (var i = 0; i < 10; i++)
        {
            await publisher.PublishAsync("plain/a", $"{i}");
            await publisher.PublishAsync("shared/a", $"{i}");
        }

        Assert.Equal(14, broker.DroppedMessages);
        Assert.Equal(2, log.Lines.Count(line => line.Contains("drops further ones", StringComparison.Ordinal)));
        await using var back = await TestMqttClient.ResumeAsync(broker.Port, "share");
        await Eventually.TrueAsync(() => back.Received.Count == 3, "what was kept arrived");
        Assert.Equal(["0", "1", "2"], back.Texts);
        Assert.Contains(log.Lines, line => line.Contains("dropped 7 messages for client share", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Session_WithExpiry_EndsWhenItsTimeIsOver()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var broker = await TestBroker.StartAsync(time);
        var client = await TestMqttClient.ResumeAsync(broker.Port, "member");
        await client.DisposeAsync();
        await Eventually.TrueAsync(async () => (await broker.GetClientIdsAsync()).Count == 0, "the broker saw it go");

        time.Advance(TimeSpan.FromSeconds(3599));
        Assert.Contains("member", await broker.GetSessionIdsAsync());
        await Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return !(await broker.GetSessionIdsAsync()).Contains("member");
            },
            "the session was removed");
    }

    [Fact]
    public async Task Disconnect_ThatSetsTheExpiryToZero_EndsTheSession()
    {
        await using var broker = await TestBroker.StartAsync();
        await using (var raw = await RawMqttConnection.OpenAsync(broker.Port))
        {
            await raw.ConnectAsync("member", "tester", "secret", sessionExpiry: 3600);
            await raw.SendAsync([0xE0, 0x07, 0x00, 0x05, 0x11, 0x00, 0x00, 0x00, 0x00]);

            await Eventually.TrueAsync(async () => !(await broker.GetSessionIdsAsync()).Contains("member"), "the session ended");
        }

        await using (var raw = await RawMqttConnection.OpenAsync(broker.Port))
        {
            await raw.ConnectAsync("keeper", "tester", "secret", sessionExpiry: 3600);
            await raw.SendAsync([0xE0, 0x02, 0x00, 0x00]);

            await Eventually.TrueAsync(async () => !(await broker.GetClientIdsAsync()).Contains("keeper"), "the broker saw it go");
            Assert.Contains("keeper", await broker.GetSessionIdsAsync());
        }
    }

    private static MqttUserProperty Property(string name, string value) => new(name, System.Text.Encoding.UTF8.GetBytes(value));

    private static string Value(MqttApplicationMessage message, string name) =>
        message.UserProperties.Single(property => property.Name == name).ReadValueAsString();

    private sealed class ListLogger : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }
}
