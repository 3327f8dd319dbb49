namespace Portal.Engine.Sinks;

/// <summary>Why a message was refused for good; each has a code that dead letters carry and a few words that pages show.</summary>
public enum RefusalReason : byte
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>The mapping cannot be applied to it.</summary>
    MappingFailed,

    /// <summary>It is larger than the task or the topic allows.</summary>
    TooLarge,

    /// <summary>Kafka finds the record invalid, for example without a key in a compacted topic.</summary>
    InvalidRecord,

    /// <summary>The topic that the message itself names is illegal, missing or not allowed.</summary>
    TopicUnusable,
}

/// <summary>The texts of the reasons.</summary>
public static class RefusalReasons
{
    /// <summary>The code, for example <c>too-large</c>; codes never change. Null for <see cref="RefusalReason.None"/>.</summary>
    public static string? Code(this RefusalReason reason) => reason switch
    {
        RefusalReason.MappingFailed => "mapping-failed",
        RefusalReason.TooLarge => "too-large",
        RefusalReason.InvalidRecord => "invalid-record",
        RefusalReason.TopicUnusable => "topic-unusable",
        _ => null,
    };

    /// <summary>What happened to those that were discarded for it.</summary>
    internal static string Words(this RefusalReason reason) => reason switch
    {
        RefusalReason.MappingFailed => "The mapping could not be applied, and the task's policy is to discard",
        RefusalReason.TooLarge => "Too large for the task or the topic, and the task's policy is to discard",
        RefusalReason.InvalidRecord => "Kafka found the record invalid, and the task's policy is to discard",
        RefusalReason.TopicUnusable => "The topic that the message names cannot be written, and the task's policy is to discard",
        _ => "Refused for good, and the task's policy is to discard",
    };
}
