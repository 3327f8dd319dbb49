using System.Security.Cryptography;
using System.Text;

namespace Portal.Server.Data;

/// <summary>Ids that people can read out: a prefix that says what it is, and eight random characters.</summary>
internal static class Ids
{
    public const string MqttCluster = "mqtt";
    public const string KafkaInstance = "ckafka";
    public const string Connection = "resource";
    public const string ConnectorTask = "task";
    public const string Operation = "op";
    public const string Draft = "draft";

    private const string Characters = "abcdefghijklmnopqrstuvwxyz0123456789";

    public static string New(string prefix) => $"{prefix}-{RandomNumberGenerator.GetString(Characters, 8)}";

    /// <summary>Always the same for the same text.</summary>
    public static string Derived(string prefix, string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return $"{prefix}-{string.Concat(hash.Take(8).Select(one => Characters[one % Characters.Length]))}";
    }
}
