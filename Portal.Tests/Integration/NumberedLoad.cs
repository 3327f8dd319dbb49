using System.Text;
using MQTTnet;
using MQTTnet.Protocol;

namespace Portal.Tests.Integration;

/// <summary>
/// Several publishers that send the numbers from 0 up to a total between them, QoS 1, each number once and each waited for: what
/// the broker acknowledged is what must be in Kafka.
/// </summary>
internal sealed class NumberedLoad(int port, string? userName, string? password, string topicPrefix, int total, int publishers)
{
    private int _acknowledged;

    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public static string Filter(string topicPrefix) => $"{topicPrefix}/#";

    /// <param name="perSecond">About how many to send in a second over all publishers, so that something can happen in the middle.</param>
    public Task RunAsync(int perSecond, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, publishers).Select(index => PublishAsync(index, perSecond, cancellationToken)));

    private async Task PublishAsync(int index, int perSecond, CancellationToken cancellationToken)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port)
            .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500)
            .WithClientId($"load-{Guid.NewGuid():N}")
            .WithCleanStart();
        if (userName is not null)
        {
            options = options.WithCredentials(userName, password ?? "");
        }

        await client.ConnectAsync(options.Build(), cancellationToken);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var burst = Math.Max(1, perSecond / publishers / 50);
        for (var number = index; number < total;)
        {
            await pace.WaitForNextTickAsync(cancellationToken);
            for (var i = 0; i < burst && number < total; i++, number += publishers)
            {
                var message = new MqttApplicationMessageBuilder()
                    .WithTopic($"{topicPrefix}/publisher{index}/line{number % 61}")
                    .WithPayload(number.ToString())
                    .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                    .WithUserProperty("number", Encoding.UTF8.GetBytes(number.ToString()))
                    .Build();
                var answer = await client.PublishAsync(message, cancellationToken);
                Assert.True(answer.IsSuccess, $"The broker refused number {number}: {answer.ReasonCode}");
                Interlocked.Increment(ref _acknowledged);
            }
        }

        await client.DisconnectAsync(new MqttClientDisconnectOptions(), cancellationToken);
    }
}
