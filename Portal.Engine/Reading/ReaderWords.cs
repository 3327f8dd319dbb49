using Confluent.Kafka;

namespace Portal.Engine.Reading;

/// <summary>What keeps a reader from reading, for an operator.</summary>
internal static class ReaderWords
{
    public const string Unanswered = "it did not answer in time; its broker may be down or overloaded.";

    public const string NoLeader = "it has no leader: the brokers that hold it are down.";

    public const string NotToTheEnd = "time ran out before its end; what came until then is shown.";

    public const string EnoughBytes = "the reading ended before its end, because it had read as much as is allowed at once.";

    public static string Missing(string topic) => $"The topic '{topic}' does not exist in Kafka.";

    public static string NoSuchPartition(string topic, int partition, int partitions) =>
        $"The topic '{topic}' has no partition {partition}: it has {partitions}, counted from 0.";

    public static string Silent(string servers, string? lastError) =>
        $"Kafka at {servers} did not answer{(lastError is null ? "" : $" ({lastError.TrimEnd('.')})")}. Test the instance to see why.";

    public static string BadSettings(string text) => $"The settings of this Kafka instance cannot be used: {text}";

    public static string NotSignedIn(string text) =>
        $"Kafka does not let the portal sign in ({text.TrimEnd('.')}). Check security protocol, mechanism, user name, password and certificates of the Kafka instance.";

    /// <summary>An error of a topic or of one of its partitions.</summary>
    public static string Of(Error error, string topic) => error.Code switch
    {
        ErrorCode.TopicAuthorizationFailed =>
            $"Kafka does not allow the user of this instance to read the topic '{topic}'. Give the user the rights Read and Describe on it.",
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition => Missing(topic),
        ErrorCode.LeaderNotAvailable => NoLeader,
        ErrorCode.RequestTimedOut or ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown => Unanswered,
        ErrorCode.TopicException => $"Kafka does not accept '{topic}' as the name of a topic.",
        _ => $"Kafka says: {error.Reason.TrimEnd('.')}.",
    };
}
