using Microsoft.Extensions.Logging;
using MQTTnet.Diagnostics.Logger;

namespace Portal.Sandbox.Mqtt;

/// <summary>Carries MQTTnet's own errors and warnings into our log; its chatter stays out.</summary>
internal sealed partial class BrokerLog(ILogger logger) : IMqttNetLogger
{
    public bool IsEnabled => true;

    public void Publish(MqttNetLogLevel level, string source, string message, object[]? parameters, Exception? exception)
    {
        var ours = level switch
        {
            MqttNetLogLevel.Error => LogLevel.Warning,
            MqttNetLogLevel.Warning => LogLevel.Debug,
            _ => LogLevel.None,
        };
        if (ours != LogLevel.None && logger.IsEnabled(ours))
        {
            var text = parameters is { Length: > 0 } ? string.Format(null, message, parameters) : message;
            Log.BrokerMessage(logger, ours, source, text, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = SandboxEvents.BrokerMessage, Message = "Embedded MQTT broker, {Source}: {Message}")]
        public static partial void BrokerMessage(ILogger logger, LogLevel level, string source, string message, Exception? exception);
    }
}
