using Confluent.Kafka;

namespace Portal.Engine.Sinks;

/// <summary>What Kafka's errors mean for an operator, and what to do about them.</summary>
internal static class SinkWords
{
    public const string NoAnswer =
        "Kafka does not answer, and is asked again without end. Nothing is lost: the broker keeps the messages, and delivery goes on by itself when Kafka is back.";

    /// <summary>Kafka is silent, and librdkafka said why.</summary>
    public static string Silent(string? lastError) => lastError is null
        ? NoAnswer
        : $"Kafka does not answer ({lastError.TrimEnd('.')}), and is asked again without end. Nothing is lost: the broker keeps the messages, and delivery goes on by itself when Kafka is back.";

    /// <summary>Kafka answers questions, but not records.</summary>
    public static string NotConfirmed(string topic, int partitions, int leaderless) => leaderless > 0
        ? $"Kafka has no leader for {leaderless} of the {partitions} partitions of '{topic}'. Nothing is lost: delivery goes on by itself when the brokers that hold them are back."
        : $"Kafka answers, but confirms no record in '{topic}'. Most often fewer replicas are in sync than the topic's min.insync.replicas asks for, or a disk is full. Nothing is lost; delivery goes on by itself.";

    public static string NotSignedIn(string text) =>
        $"Kafka does not let the task sign in ({text.TrimEnd('.')}). Check security protocol, mechanism, user name, password and certificates of the Kafka instance. It is tried again without end: delivery goes on by itself once Kafka lets the task in.";

    public static string BadSettings(string text) => $"The Kafka client cannot be started: {text.TrimEnd('.')}. Check the settings of the Kafka instance.";

    public static string MissingTopic(string topic) =>
        $"The topic '{topic}' does not exist in Kafka. Create it, or let the task create missing topics.";

    public static string NoSuchPartition(string topic, int partition, int partitions) =>
        $"The task writes to partition {partition}, but the topic '{topic}' has {partitions}, counted from 0. Choose another partition, or add partitions.";

    public static string TooLarge(int bytes, int limit) =>
        $"The record has {Figures.Grouped(bytes)} bytes, and the task allows {Figures.Grouped(limit)}. Raise the task's largest record and the topic's max.message.bytes, or make the messages smaller.";

    public static string BatchTooLarge(string topic) =>
        $"Kafka refused a batch for the topic '{topic}' as too large; its max.message.bytes is small. The task goes on with smaller batches.";

    public static string DeadLetterTooLarge(string topic, int bytes) =>
        $"A dead letter of {Figures.Grouped(bytes)} bytes does not fit into the topic '{topic}', and it is not cut silently. Raise that topic's max.message.bytes, then restart the task.";

    public static string DeadLetterRefused(string topic, string why) => $"The dead letter cannot be written to '{topic}'. {why}";

    public static string StoppedByPolicy(string reason) =>
        $"A message was refused, and the task is set to stop then. {reason} The broker keeps the message: mend the cause, or choose another failure handling, then restart the task.";

    public static string Fatal(string text) =>
        $"Kafka's idempotent producer cannot go on ({text.TrimEnd('.')}). A new one is made as soon as Kafka answers; the broker sends again what was open.";

    /// <summary>An error that a record, its topic or the producer met.</summary>
    public static string Of(ErrorCode code, string topic) => code switch
    {
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidMsgSize =>
            $"The record is larger than Kafka allows in the topic '{topic}'. Raise the topic's max.message.bytes, or make the messages smaller.",
        ErrorCode.InvalidRecord =>
            $"Kafka refused the record for the topic '{topic}' as invalid. Most often its timestamp is out of the range that the topic allows, or a compacted topic wants a key in every record.",
        ErrorCode.InvalidTimestamp =>
            $"The record's timestamp is out of the range that the topic '{topic}' allows. Choose the time of receipt as timestamp, or change the topic's message.timestamp settings.",
        ErrorCode.InvalidMsg => $"Kafka found the record for the topic '{topic}' damaged or without the key that the topic needs.",
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition =>
            $"The topic '{topic}' or its partition no longer exists in Kafka. Create it again, or let the task create missing topics.",
        ErrorCode.TopicAuthorizationFailed =>
            $"Kafka does not allow the task's user to write to the topic '{topic}'. Give the user the rights Write and Describe on it.",
        ErrorCode.ClusterAuthorizationFailed =>
            // What an idempotent producer is told first, whatever topic it is for.
            "Kafka does not allow the task's user to write to any topic at all. Give the user the rights Write and Describe on the topics of the task (before Kafka 2.8 also IdempotentWrite on the cluster).",
        ErrorCode.TopicException => $"Kafka does not accept '{topic}' as the name of a topic.",
        ErrorCode.UnsupportedForMessageFormat =>
            $"The topic '{topic}' stores an old message format without headers. Raise its message.format.version, or write to another topic.",
        _ => $"Kafka could not take a record for the topic '{topic}': {new Error(code).Reason.TrimEnd('.')}.",
    };
}
