using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Client.Components.Lists.Selecting;

/// <summary>How actions on many are named on buttons.</summary>
public static class BulkWords
{
    /// <summary>The action alone.</summary>
    public static string Verb(BulkAction action) => action == BulkAction.DeleteSession ? "Delete session" : action.ToString();

    /// <summary>The action on so many.</summary>
    public static string Order(BulkAction action, int count, string noun) => action == BulkAction.DeleteSession
        ? $"Disconnect {Numbers.Plural(count, noun)} and delete {(count == 1 ? "its session" : "their sessions")}"
        : $"{action} {Numbers.Plural(count, noun)}";

    /// <summary>Whether it takes away what does not come back, so that a person has to type for it.</summary>
    public static bool Destroys(BulkAction action) => action is BulkAction.Delete or BulkAction.DeleteSession;
}
