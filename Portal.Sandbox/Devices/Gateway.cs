using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;

namespace Portal.Sandbox.Devices;

/// <summary>Where the devices' broker is and who they are there.</summary>
internal sealed record GatewayAddress(string Host, int Port, string UserName, string Password);

/// <summary>One MQTT connection and the devices behind it.</summary>
internal sealed class Gateway(
    string clientId,
    IReadOnlyList<Device> devices,
    double secondsPerWeight,
    GatewayAddress address,
    DeviceSimulator simulator,
    TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Device, DateTimeOffset> _lastRead = [];
    private readonly PriorityQueue<Device, DateTimeOffset> _due = new();

    /// <summary>Runs until cancelled, whatever the broker does.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Schedule();
        using var client = new MqttClientFactory().CreateMqttClient();
        var lost = false;
        try
        {
            while (true)
            {
                try
                {
                    await ConnectAsync(client, cancellationToken);
                    if (lost)
                    {
                        lost = false;
                        simulator.ConnectionBack();
                    }

                    await PublishAsync(client, cancellationToken);
                }
                catch (Exception e) when (e is MqttCommunicationException or SocketException or ConnectionRefusedException)
                {
                    if (!lost)
                    {
                        lost = true;
                        simulator.ConnectionLost(clientId, e.Message);
                    }
                }

                await Task.Delay(RetryAfter, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await SayGoodbyeAsync(client);
        }
    }

    private void Schedule()
    {
        var now = time.GetUtcNow();
        foreach (var device in devices)
        {
            _lastRead[device] = now;
            _due.Enqueue(device, now + device.Pause(Period(device)));
        }
    }

    private TimeSpan Period(Device device) => TimeSpan.FromSeconds(secondsPerWeight / device.Weight);

    private async Task ConnectAsync(IMqttClient client, CancellationToken cancellationToken)
    {
        if (client.IsConnected)
        {
            return;
        }

        var options = new MqttClientOptionsBuilder()
            .WithTcpServer(address.Host, address.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(clientId)
            .WithCredentials(address.UserName, address.Password)
            .WithCleanStart()
            .Build();
        var answer = await client.ConnectAsync(options, cancellationToken);
        if (answer.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new ConnectionRefusedException($"the broker refused user {address.UserName}: {answer.ResultCode}");
        }
    }

    private async Task PublishAsync(IMqttClient client, CancellationToken cancellationToken)
    {
        while (client.IsConnected)
        {
            if (!_due.TryPeek(out var device, out var at))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
                continue;
            }

            var now = time.GetUtcNow();
            if (at > now)
            {
                await Task.Delay(at - now, time, cancellationToken);
                continue;
            }

            _due.Dequeue();
            // From now, not from when it was due: after an outage nobody has a backlog to shout.
            _due.Enqueue(device, now + device.Pause(Period(device)));
            foreach (var reading in device.Read(now, now - _lastRead[device]))
            {
                await client.PublishAsync(Message(device, reading), cancellationToken);
                simulator.CountPublished();
            }

            _lastRead[device] = now;
        }
    }

    private static MqttApplicationMessage Message(Device device, Reading reading) => new MqttApplicationMessageBuilder()
        .WithTopic(reading.Topic)
        .WithPayload(reading.Json)
        .WithQualityOfServiceLevel(reading.Qos)
        .WithRetainFlag(reading.Retain)
        .WithContentType("application/json")
        .WithUserProperty("region", Text(device.Region))
        .WithUserProperty("unit", Text(device.Unit))
        .WithUserProperty("model", Text(device.Model))
        .Build();

    private static ReadOnlyMemory<byte> Text(string value) => System.Text.Encoding.UTF8.GetBytes(value);

    private async Task SayGoodbyeAsync(IMqttClient client)
    {
        using var limit = new CancellationTokenSource(GoodbyeLimit, time);
        try
        {
            await client.DisconnectAsync(new MqttClientDisconnectOptions(), limit.Token);
        }
        catch (Exception e) when (e is MqttCommunicationException or SocketException or OperationCanceledException)
        {
            // The broker is gone already; there is nobody to say it to.
        }
    }

    private sealed class ConnectionRefusedException(string message) : Exception(message);
}
