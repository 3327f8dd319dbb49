using Portal.Client.Contracts;

namespace Portal.Server.WizardDrafts;

/// <summary>What was typed into a form that must not rest in clear; null for what was not.</summary>
internal sealed record DraftSecrets(string? Password = null, string? ClientKey = null)
{
    public static DraftSecrets None { get; } = new();

    /// <summary>The content without its secrets, and those.</summary>
    public static (object Content, DraftSecrets Secrets) TakeOut(object content) => content switch
    {
        ConnectionDraft draft => (draft with { Password = Without(draft.Password) }, new(Typed(draft.Password))),
        MqttClusterDraft draft => (draft with { ClientKey = Without(draft.ClientKey) }, new(ClientKey: Typed(draft.ClientKey))),
        KafkaInstanceDraft draft => (
            draft with { Password = Without(draft.Password), ClientKey = Without(draft.ClientKey) },
            new(Typed(draft.Password), Typed(draft.ClientKey))),
        EditDraft<ConnectionDraft> edit => TakeOut(edit),
        EditDraft<MqttClusterDraft> edit => TakeOut(edit),
        EditDraft<KafkaInstanceDraft> edit => TakeOut(edit),
        _ => (content, None),
    };

    /// <summary>The content with its secrets as they were typed.</summary>
    public static object PutBack(object content, DraftSecrets secrets) => content switch
    {
        ConnectionDraft draft => draft with { Password = Again(draft.Password, secrets.Password) },
        MqttClusterDraft draft => draft with { ClientKey = Again(draft.ClientKey, secrets.ClientKey) },
        KafkaInstanceDraft draft => draft with
        {
            Password = Again(draft.Password, secrets.Password),
            ClientKey = Again(draft.ClientKey, secrets.ClientKey),
        },
        EditDraft<ConnectionDraft> edit => edit with { After = (ConnectionDraft)PutBack(edit.After, secrets) },
        EditDraft<MqttClusterDraft> edit => edit with { After = (MqttClusterDraft)PutBack(edit.After, secrets) },
        EditDraft<KafkaInstanceDraft> edit => edit with { After = (KafkaInstanceDraft)PutBack(edit.After, secrets) },
        _ => content,
    };

    /// <summary>Says what there is, never the values: records print themselves into logs.</summary>
    public override string ToString() => $"{(Password is null ? "no password" : "a password")}, {(ClientKey is null ? "no key" : "a key")}";

    // What is stored was typed by nobody, and has no secret to lose.
    private static (object Content, DraftSecrets Secrets) TakeOut<T>(EditDraft<T> edit)
        where T : class
    {
        var (after, secrets) = TakeOut((object)edit.After);
        return (edit with { Before = (T)TakeOut((object)edit.Before).Content, After = (T)after }, secrets);
    }

    // To remove the stored secret is none, and must not turn into keeping it.
    private static SecretChange Without(SecretChange change) => change.Kind == SecretChangeKind.Replace ? SecretChange.Keep : change;

    private static string? Typed(SecretChange change) => change is { Kind: SecretChangeKind.Replace, Value: { Length: > 0 } typed } ? typed : null;

    private static SecretChange Again(SecretChange change, string? typed) => typed is null ? change : SecretChange.Replace(typed);
}
