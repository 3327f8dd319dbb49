using Portal.Engine.Specs;

namespace Portal.Engine.Sinks.Failures;

/// <summary>What is done next with a record that was refused for good.</summary>
internal enum RefusalStep
{
    /// <summary>Wait for the interval and send it again.</summary>
    Retry,

    /// <summary>Write it to the dead-letter topic.</summary>
    DeadLetter,

    /// <summary>Write it raw to the target topic.</summary>
    KeepRaw,

    /// <summary>Acknowledge it and forget it.</summary>
    Discard,

    /// <summary>Stop the sink and keep the message open.</summary>
    Stop,
}

/// <summary>Why a record was refused.</summary>
/// <param name="Reason">In words.</param>
/// <param name="Code">As a code.</param>
/// <param name="Attempts">How often Kafka was asked to take it.</param>
/// <param name="CanPass">Whether trying again could help: the topic may be changed in the meantime, the message itself cannot.</param>
/// <param name="HasTarget">Whether there is a topic that could keep it raw: not when the message names a bad one.</param>
/// <param name="Partition">Where its rule had put it in its target, or null when it was not placed yet.</param>
internal sealed record Refusal(string Reason, RefusalReason Code, int Attempts, bool CanPass, bool HasTarget, int? Partition = null);

/// <summary>The operator's choice for refused records, as a rule.</summary>
internal static class FailurePolicy
{
    public static RefusalStep Next(DeliverySpec delivery, Refusal refusal) => delivery.OnFailure switch
    {
        _ when refusal.CanPass && refusal.Attempts <= delivery.RetryAttempts => RefusalStep.Retry,
        FailureAction.DeadLetter => RefusalStep.DeadLetter,
        // Nothing can hold it: a message that nobody can keep must not stall those behind it.
        FailureAction.KeepRaw => refusal.HasTarget ? RefusalStep.KeepRaw : RefusalStep.Discard,
        FailureAction.Stop => RefusalStep.Stop,
        _ => RefusalStep.Discard,
    };
}
