using System.Net;
using Microsoft.Extensions.Options;

namespace Portal.Sandbox;

/// <summary>Finds everything that is wrong in the section at once.</summary>
internal sealed class SandboxOptionsValidator : IValidateOptions<SandboxOptions>
{
    public ValidateOptionsResult Validate(string? name, SandboxOptions options)
    {
        var errors = new List<string>();
        if (!IPAddress.TryParse(options.Host, out _))
        {
            errors.Add($"Sandbox:Host is \"{options.Host}\": give an IP address, for example 127.0.0.1.");
        }

        CheckPort(nameof(options.MqttPort), options.MqttPort);
        CheckPort(nameof(options.KafkaPort), options.KafkaPort);
        if (options.MqttPort == options.KafkaPort && options.MqttPort != 0)
        {
            errors.Add($"Sandbox:MqttPort and Sandbox:KafkaPort are both {options.MqttPort}: give each its own.");
        }

        if (options.Devices is < 0 or > 1000)
        {
            errors.Add($"Sandbox:Devices is {options.Devices}: give a number from 0 to 1000.");
        }

        if (!(options.MessagesPerSecond is > 0 and <= 10_000))
        {
            errors.Add($"Sandbox:MessagesPerSecond is {options.MessagesPerSecond}: give a number above 0, up to 10000.");
        }

        if (options.MaxPendingMessages is < 1 or > 10_000_000)
        {
            errors.Add($"Sandbox:MaxPendingMessages is {options.MaxPendingMessages}: give a number from 1 to 10000000.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void CheckPort(string setting, int port)
        {
            if (port is < 0 or > 65535)
            {
                errors.Add($"Sandbox:{setting} is {port}: give a port from 1 to 65535, or 0 for any free one.");
            }
        }
    }
}
