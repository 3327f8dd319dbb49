using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Sandbox.Devices;
using Portal.Sandbox.Kafka;
using Portal.Sandbox.Mqtt;

namespace Portal.Sandbox;

/// <summary>An MQTT broker, a Kafka and some devices, so that the product has something to work on with nothing installed.</summary>
/// <remarks>It can be stopped and started again; both brokers forget everything then, <see cref="Users"/> stay.</remarks>
public sealed partial class EmbeddedSandbox(IOptions<SandboxOptions> options, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly SandboxOptions _options = options.Value;
    private readonly ILogger _logger = loggers.CreateLogger<EmbeddedSandbox>();
    private readonly SemaphoreSlim _gate = new(1);
    private EmbeddedMqttBroker? _mqtt;
    private EmbeddedKafka? _kafka;
    private DeviceSimulator? _devices;

    /// <summary>Whether it is asked for at all (setting Sandbox:Enabled).</summary>
    public bool Enabled => _options.Enabled;

    /// <summary>Whether both brokers run.</summary>
    public bool IsRunning => _kafka is not null;

    /// <summary>Who may sign in to the MQTT broker; may be filled before the start.</summary>
    public SandboxUsers Users { get; } = new();

    /// <summary>The MQTT broker.</summary>
    /// <exception cref="InvalidOperationException">The sandbox is not running.</exception>
    public EmbeddedMqttBroker Mqtt => _mqtt ?? throw NotRunning();

    /// <summary>The Kafka.</summary>
    /// <exception cref="InvalidOperationException">The sandbox is not running.</exception>
    public EmbeddedKafka Kafka => _kafka ?? throw NotRunning();

    /// <summary>The address that clients on this machine use for both.</summary>
    public string Host =>
        IPAddress.Parse(_options.Host) is var host && (host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any))
            ? "127.0.0.1"
            : _options.Host;

    /// <summary>The port that the MQTT broker took.</summary>
    /// <exception cref="InvalidOperationException">The sandbox is not running.</exception>
    public int MqttPort => Mqtt.Port;

    /// <summary>What a client puts into <c>bootstrap.servers</c>.</summary>
    /// <exception cref="InvalidOperationException">The sandbox is not running.</exception>
    public string KafkaBootstrap => Kafka.Bootstrap;

    /// <summary>How many messages the devices published since they started.</summary>
    public long PublishedByDevices => _devices?.Published ?? 0;

    /// <summary>Starts both brokers, not the devices. Does nothing when they run.</summary>
    /// <exception cref="PortInUseException">A port is taken; nothing was started.</exception>
    public async Task StartAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_mqtt is not null)
            {
                return;
            }

            var host = IPAddress.Parse(_options.Host);
            var kafka = StartKafka(host);
            try
            {
                _mqtt = await StartMqttAsync(host);
            }
            catch
            {
                await kafka.DisposeAsync();
                throw;
            }

            _kafka = kafka;
            Log.Started(_logger, _options.Host, _mqtt.Port, _kafka.Bootstrap);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets the devices sign in as this user and publish, until the sandbox stops. Does nothing when they run.</summary>
    /// <exception cref="InvalidOperationException">The sandbox is not running.</exception>
    public async Task StartDevicesAsync(string userName, string password)
    {
        await _gate.WaitAsync();
        try
        {
            var address = new GatewayAddress(Host, MqttPort, userName, password);
            _devices ??= DeviceSimulator.Start(_options, address, time, loggers.CreateLogger<DeviceSimulator>());
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the devices, then the MQTT broker, then Kafka, each within 5 s. Twice is safe.</summary>
    public async Task StopAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_mqtt is null)
            {
                return;
            }

            await StopStepAsync("devices", _devices);
            await StopStepAsync("MQTT broker", _mqtt);
            await StopStepAsync("Kafka", _kafka);
            (_devices, _mqtt, _kafka) = (null, null, null);
            Log.Stopped(_logger);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>As <see cref="StopAsync"/>.</summary>
    public ValueTask DisposeAsync() => new(StopAsync());

    private static InvalidOperationException NotRunning() => new("The sandbox is not running: start it first.");

    private EmbeddedKafka StartKafka(IPAddress host)
    {
        try
        {
            return EmbeddedKafka.Start(host, _options.KafkaPort);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new PortInUseException(_options.KafkaPort, nameof(SandboxOptions.KafkaPort), e);
        }
    }

    private async Task<EmbeddedMqttBroker> StartMqttAsync(IPAddress host)
    {
        try
        {
            return await EmbeddedMqttBroker.StartAsync(
                host, _options.MqttPort, _options.MaxPendingMessages, Users, time, loggers.CreateLogger<EmbeddedMqttBroker>());
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new PortInUseException(_options.MqttPort, nameof(SandboxOptions.MqttPort), e);
        }
    }

    private async Task StopStepAsync(string part, IAsyncDisposable? step)
    {
        if (step is null)
        {
            return;
        }

        try
        {
            await step.DisposeAsync().AsTask().WaitAsync(StopLimit, time);
        }
        // Whatever one part throws, the others must still be stopped.
        catch (Exception e)
        {
            Log.StopStepFailed(_logger, part, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(SandboxEvents.Started, LogLevel.Information,
            "The sandbox runs: MQTT on {Host}:{MqttPort}, Kafka on {KafkaBootstrap}; both keep everything in memory")]
        public static partial void Started(ILogger logger, string host, int mqttPort, string kafkaBootstrap);

        [LoggerMessage(SandboxEvents.Stopped, LogLevel.Information, "The sandbox stopped and forgot its messages")]
        public static partial void Stopped(ILogger logger);

        [LoggerMessage(SandboxEvents.StopStepFailed, LogLevel.Warning, "The sandbox's {Part} did not stop in order")]
        public static partial void StopStepFailed(ILogger logger, string part, Exception exception);
    }
}
