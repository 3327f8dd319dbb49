using System.Security.Cryptography;

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

    public static string New(string prefix) => $"{prefix}-{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 8)}";
}
