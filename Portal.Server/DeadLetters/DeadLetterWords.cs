using System.Security.Cryptography;
using Portal.Client.Contracts;

namespace Portal.Server.DeadLetters;

/// <summary>What the audit says about dead letters; never a payload.</summary>
internal static class DeadLetterWords
{
    public static string Of(DeadLetterFilter filter)
    {
        if (filter.Only is { } only)
        {
            return string.Join(", ", only.Take(20).Select(key => $"{key.Partition}/{key.Offset}")) + (only.Count > 20 ? $" and {only.Count - 20} more" : "");
        }

        List<string> parts = [];
        Add(filter.Group, "reason");
        Add(filter.MqttTopic, "MQTT topic with");
        Add(filter.From?.ToString("O"), "from");
        Add(filter.To?.ToString("O"), "to");
        return parts.Count == 0 ? "all" : string.Join(", ", parts);

        void Add(string? value, string name)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parts.Add($"{name} {value}");
            }
        }
    }

    /// <summary>Enough to prove later which payload it was.</summary>
    public static string Of(byte[] payload) => $"{payload.Length} bytes, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(payload))}";
}
