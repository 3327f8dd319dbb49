using Portal.Client.Contracts;

namespace Portal.Client.Wizards.ConnectorTasks;

/// <summary>What a task with these settings promises, in words that change with the choices.</summary>
/// <param name="AtLeastOnce">Whether every message that the broker holds reaches Kafka or another end that the operator chose.</param>
/// <param name="Text">The promise in one or two sentences.</param>
/// <param name="Caveats">What the choices cost, each in a sentence.</param>
public sealed record DeliveryPromise(bool AtLeastOnce, string Text, IReadOnlyList<string> Caveats)
{
    /// <summary>The promise of a draft.</summary>
    public static DeliveryPromise Of(ConnectorTaskDraft draft) =>
        new(draft is { Qos: > 0, CleanSession: false }, Sentence(draft), [.. CaveatsOf(draft)]);

    private static string Sentence(ConnectorTaskDraft draft) => draft switch
    {
        { Qos: 0 } => "Not at least once: at QoS 0 the broker forgets a message as soon as it has sent it.",
        { CleanSession: true } => "Not at least once: with a clean session the broker keeps nothing while the task is away.",
        _ => "At least once: the broker is told that a message arrived only after Kafka confirmed its record on all in-sync replicas. "
            + "After a lost connection the messages that were open come once more.",
    };

    private static IEnumerable<string> CaveatsOf(ConnectorTaskDraft draft)
    {
        if (draft.Qos == 0)
        {
            yield return "QoS 0: messages sent while the task is away, or faster than it can take them, are lost. "
                + "Those that the task drops are counted.";
        }

        if (draft.CleanSession)
        {
            yield return "Clean session: messages sent while the task is paused, restarted or disconnected are lost.";
        }

        if (draft.Qos == 2)
        {
            yield return "QoS 2: in a shared group a message stays bound to the client that first got it, "
                + "and is lost if that client's session ends. QoS 1 is safer here, and Kafka gets each message at least once either way.";
        }

        if (draft.Clients > 1)
        {
            yield return $"{draft.Clients} clients: the broker spreads messages over them, "
                + "so order holds within each client, not across them. One client keeps it.";
        }

        if (draft.OnFailure == FailurePolicyKind.Discard)
        {
            yield return "Discard: a message that Kafka refuses or that cannot be mapped is counted and gone.";
        }

        if (draft.OnFailure == FailurePolicyKind.Stop)
        {
            yield return "Stop the task: a single message that Kafka refuses stops everything until you act. The broker keeps what waits.";
        }
    }
}
