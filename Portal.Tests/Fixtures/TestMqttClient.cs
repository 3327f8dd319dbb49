using System.Collections.Concurrent;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Portal.Tests.Fixtures;

/// <summary>A plain MQTTnet client that remembers what it received.</summary>
internal sealed class TestMqttClient : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    private TestMqttClient(string clientId)
    {
        ClientId = clientId;
        _client.ApplicationMessageReceivedAsync += message =>
        {
            Received.Enqueue(message.ApplicationMessage);
            message.AutoAcknowledge = !HoldsAcknowledgements;
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += _ =>
        {
            Disconnects++;
            return Task.CompletedTask;
        };
    }

    public string ClientId { get; }

    public ConcurrentQueue<MqttApplicationMessage> Received { get; } = new();

    public IEnumerable<string> Texts => Received.Select(message => message.ConvertPayloadToString());

    /// <summary>While set, nothing is acknowledged.</summary>
    public bool HoldsAcknowledgements { get; init; }

    public MqttClientConnectResult Connack { get; private set; } = null!;

    public int Disconnects { get; private set; }

    public bool IsConnected => _client.IsConnected;

    public static async Task<TestMqttClient> ConnectAsync(
        int port,
        string clientId,
        string? user = "tester",
        string? password = "secret",
        Action<MqttClientOptionsBuilder>? with = null,
        bool holdAcknowledgements = false)
    {
        var client = new TestMqttClient(clientId) { HoldsAcknowledgements = holdAcknowledgements };
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(clientId)
            .WithTimeout(TimeSpan.FromSeconds(20));
        if (user is not null)
        {
            options.WithCredentials(user, password);
        }

        with?.Invoke(options);
        client.Connack = await client._client.ConnectAsync(options.Build(), TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>A session that waits for its client.</summary>
    public static Task<TestMqttClient> ResumeAsync(int port, string clientId, bool holdAcknowledgements = false) =>
        ConnectAsync(port, clientId, with: options => options.WithCleanStart(false).WithSessionExpiryInterval(3600), holdAcknowledgements: holdAcknowledgements);

    public async Task<MqttClientSubscribeResultCode> SubscribeAsync(string filter, int qos = 1, bool retainAsPublished = false) =>
        (await SubscribeAsync(new MqttTopicFilter
        {
            Topic = filter,
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
            RetainAsPublished = retainAsPublished,
        })).Single();

    public async Task<IReadOnlyList<MqttClientSubscribeResultCode>> SubscribeAsync(params MqttTopicFilter[] filters)
    {
        var result = await _client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = [.. filters] }, TestContext.Current.CancellationToken);
        return [.. result.Items.Select(item => item.ResultCode)];
    }

    public async Task<MqttClientUnsubscribeResultCode> UnsubscribeAsync(string filter) =>
        (await _client.UnsubscribeAsync(new MqttClientUnsubscribeOptions { TopicFilters = [filter] }, TestContext.Current.CancellationToken)).Items.Single().ResultCode;

    public Task<MqttClientPublishResult> PublishAsync(string topic, string text, int qos = 1, bool retain = false, params MqttUserProperty[] properties) =>
        _client.PublishAsync(
            new MqttApplicationMessage
            {
                Topic = topic,
                PayloadSegment = System.Text.Encoding.UTF8.GetBytes(text),
                QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
                Retain = retain,
                UserProperties = [.. properties],
            },
            TestContext.Current.CancellationToken);

    /// <summary>Closes the connection in order; a session that may wait does.</summary>
    public Task DisconnectAsync() => _client.DisconnectAsync(new MqttClientDisconnectOptions(), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
        {
            await DisconnectAsync();
        }

        _client.Dispose();
    }
}
