using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Packets;
using Portal.Sandbox;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Sandbox;

public sealed class EmbeddedSandboxTests
{
    [Fact]
    public async Task Devices_Started_PublishEveryKindOfMessage()
    {
        await using var sandbox = Create(new SandboxOptions { MqttPort = 0, KafkaPort = 0, MessagesPerSecond = 2000 });
        sandbox.Users.Set("tester", "secret");
        sandbox.Users.Set("devices", "pw");
        await sandbox.StartAsync();
        await using var client = await TestMqttClient.ConnectAsync(sandbox.MqttPort, "reader");
        await client.SubscribeAsync("#", qos: 2, retainAsPublished: true);

        await sandbox.StartDevicesAsync("devices", "pw");
        await Eventually.TrueAsync(
            () => client.Received.Select(message => message.UserProperties.Single(p => p.Name == "model").ReadValueAsString()).Distinct().Count() == 3
                && client.Received.Select(message => message.QualityOfServiceLevel).Distinct().Count() == 3
                && client.Received.Any(message => message.Retain),
            "sensors, vehicles and cameras were heard, with QoS 0, 1 and 2, and something retained");
        await sandbox.StopAsync();

        Assert.All(client.Received, message =>
        {
            Assert.Equal("application/json", message.ContentType);
            Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(message.ConvertPayloadToString()).RootElement.ValueKind);
            Assert.Equal("devices", message.UserProperties.Single(p => p.Name == "$__publisherUsername").ReadValueAsString());
        });
    }

    [Fact]
    public async Task Devices_WhileTheBrokerIsAway_ComeBackByThemselves()
    {
        var port = FreePort.Next();
        await using var sandbox = Create(new SandboxOptions { MqttPort = port, KafkaPort = 0, Devices = 4, MessagesPerSecond = 500 });
        sandbox.Users.Set("devices", "wrong at first");
        await sandbox.StartAsync();
        await sandbox.StartDevicesAsync("devices", "pw");
        Assert.Equal(0, sandbox.PublishedByDevices);

        sandbox.Users.Set("devices", "pw");

        await Eventually.TrueAsync(() => sandbox.PublishedByDevices > 20, "the devices publish");
        foreach (var clientId in await sandbox.Mqtt.GetClientIdsAsync())
        {
            await sandbox.Mqtt.DisconnectClientAsync(clientId);
        }

        var before = sandbox.PublishedByDevices;
        await Eventually.TrueAsync(() => sandbox.PublishedByDevices > before + 20, "the devices publish again");
    }

    [Fact]
    public async Task Stop_AndStartAgain_ServesOnTheSamePorts()
    {
        var options = new SandboxOptions { MqttPort = FreePort.Next(), KafkaPort = FreePort.Next() };
        await using var sandbox = Create(options);
        sandbox.Users.Set("tester", "secret");
        await sandbox.StartAsync();
        await sandbox.StartAsync();
        await using var before = await TestMqttClient.ResumeAsync(sandbox.MqttPort, "member");

        await sandbox.StopAsync();
        await sandbox.StopAsync();
        Assert.Throws<InvalidOperationException>(() => sandbox.MqttPort);
        await sandbox.StartAsync();

        Assert.Equal(options.MqttPort, sandbox.MqttPort);
        Assert.Equal($"127.0.0.1:{options.KafkaPort}", sandbox.KafkaBootstrap);
        await using var after = await TestMqttClient.ResumeAsync(sandbox.MqttPort, "member");
        Assert.False(after.Connack.IsSessionPresent);
    }

    [Theory]
    [InlineData("MqttPort")]
    [InlineData("KafkaPort")]
    public async Task Start_OnABusyPort_NamesTheSettingAndLeavesNothingRunning(string setting)
    {
        using var holder = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        holder.Listen();
        var busy = ((IPEndPoint)holder.LocalEndPoint!).Port;
        var free = FreePort.Next();
        var options = setting == "MqttPort" ? new SandboxOptions { MqttPort = busy, KafkaPort = free } : new SandboxOptions { MqttPort = free, KafkaPort = busy };
        await using var sandbox = Create(options);

        var refused = await Assert.ThrowsAsync<PortInUseException>(sandbox.StartAsync);

        Assert.Equal($"Port {busy} is in use: change Sandbox:{setting} in appsettings.json, or set Sandbox:Enabled to false.", refused.Message);
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, free));
    }

    private static EmbeddedSandbox Create(SandboxOptions options) =>
        new(Options.Create(options), TimeProvider.System, NullLoggerFactory.Instance);
}
