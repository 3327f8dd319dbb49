using Portal.Client.Components.Texts;

namespace Portal.Client.Contracts;

/// <summary>How actions on many are named: on buttons, in titles of operations, in sentences.</summary>
public static class BulkWords
{
    /// <summary>The action alone, as on a button.</summary>
    public static string Verb(BulkAction action) => action == BulkAction.DeleteSession ? "Delete session" : action.ToString();

    /// <summary>The same in a sentence, before what it is done to.</summary>
    public static string InSentence(BulkAction action) => action == BulkAction.DeleteSession ? "delete the sessions of" : action.ToString().ToLowerInvariant();

    /// <summary>The action on so many, as an order. <paramref name="noun"/> is what they are, in the singular.</summary>
    public static string Order(BulkAction action, int count, string noun) => action == BulkAction.DeleteSession
        ? $"Disconnect {Numbers.Plural(count, noun)} and delete {(count == 1 ? "its session" : "their sessions")}"
        : $"{action} {Numbers.Plural(count, noun)}";

    /// <summary>Whether it takes away what does not come back, so that a person has to type for it.</summary>
    public static bool Destroys(BulkAction action) => action is BulkAction.Delete or BulkAction.DeleteSession;
}
