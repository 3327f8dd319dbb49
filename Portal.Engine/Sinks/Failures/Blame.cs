using Confluent.Kafka;

namespace Portal.Engine.Sinks.Failures;

/// <summary>Whose fault a failed record is; it decides what happens to it.</summary>
internal enum Blame
{
    /// <summary>The record's: Kafka will never take it.</summary>
    Record,

    /// <summary>Another record's of the same batch.</summary>
    Neighbour,

    /// <summary>The topic's: gone, or not allowed.</summary>
    Topic,

    /// <summary>Not the record's: it must not have failed, and the producer cannot be trusted further.</summary>
    Producer,

    /// <summary>Ours: the producer was closed.</summary>
    Closing,
}

/// <summary>Finds the <see cref="Blame"/>.</summary>
internal static class Blames
{
    public static Blame Of(ErrorCode code) => code switch
    {
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidMsgSize or ErrorCode.InvalidMsg
            or ErrorCode.InvalidRecord or ErrorCode.InvalidTimestamp or ErrorCode.Local_InvalidArg => Blame.Record,
        ErrorCode.Local_InvalidDifferentRecord => Blame.Neighbour,
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition or ErrorCode.TopicException
            or ErrorCode.TopicAuthorizationFailed or ErrorCode.UnsupportedForMessageFormat => Blame.Topic,
        ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight or ErrorCode.Local_Destroy => Blame.Closing,
        _ => Blame.Producer,
    };

    /// <summary>What an error means for the record that met it.</summary>
    public static RefusalReason Reason(ErrorCode code) => Of(code) switch
    {
        Blame.Topic => RefusalReason.TopicUnusable,
        _ when code is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidMsgSize => RefusalReason.TooLarge,
        _ => RefusalReason.InvalidRecord,
    };
}
