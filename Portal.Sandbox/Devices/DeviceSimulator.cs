using Microsoft.Extensions.Logging;

namespace Portal.Sandbox.Devices;

/// <summary>
/// Some dozens of devices that publish over real MQTT connections until they are told to stop, and come back after the broker was away.
/// </summary>
internal sealed partial class DeviceSimulator : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly ILogger _logger;
    private long _published;
    private int _connectionsLost;

    private DeviceSimulator(
        IReadOnlyList<Device> devices, double messagesPerSecond, GatewayAddress address, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        var secondsPerWeight = devices.Sum(device => device.Weight) / messagesPerSecond;
        var gateways = devices
            .GroupBy(device => device.Gateway)
            .Select(behind => new Gateway(behind.Key, [.. behind], secondsPerWeight, address, this, time))
            .ToArray();
        _running = Task.WhenAll(gateways.Select(gateway => Task.Run(() => gateway.RunAsync(_stop.Token))));
        Log.DevicesStarted(logger, devices.Count, gateways.Length, messagesPerSecond);
    }

    /// <summary>How many messages the broker took from the devices.</summary>
    public long Published => Interlocked.Read(ref _published);

    public static DeviceSimulator Start(SandboxOptions options, GatewayAddress address, TimeProvider time, ILogger logger) =>
        new(DevicePark.Create(options.Devices), options.MessagesPerSecond, address, time, logger);

    /// <summary>Twice is safe.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }
    }

    public void CountPublished() => Interlocked.Increment(ref _published);

    /// <summary>All connections fail together when the broker goes: that is one line in the log, not one for each.</summary>
    public void ConnectionLost(string clientId, string reason)
    {
        if (Interlocked.Increment(ref _connectionsLost) == 1)
        {
            Log.ConnectionLost(_logger, clientId, reason);
        }
    }

    public void ConnectionBack()
    {
        if (Interlocked.Decrement(ref _connectionsLost) == 0)
        {
            Log.ConnectionBack(_logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(SandboxEvents.DevicesStarted, LogLevel.Information,
            "{Devices} simulated devices publish {Rate} messages a second through {Connections} connections")]
        public static partial void DevicesStarted(ILogger logger, int devices, int connections, double rate);

        [LoggerMessage(SandboxEvents.DeviceConnectionLost, LogLevel.Warning,
            "Simulated devices cannot publish, {ClientId} first: {Reason}. They try again until they can")]
        public static partial void ConnectionLost(ILogger logger, string clientId, string reason);

        [LoggerMessage(SandboxEvents.DeviceConnectionBack, LogLevel.Information, "All simulated devices publish again")]
        public static partial void ConnectionBack(ILogger logger);
    }
}
