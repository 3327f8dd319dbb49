using Portal.Client.Contracts;

namespace Portal.Client.Components.Feedback;

/// <summary>A panel that stays until it is closed: what failed, why, what to do.</summary>
/// <param name="Title">What was tried.</param>
/// <param name="Text">Cause and what to do.</param>
/// <param name="Retry">What "Try again" does, or null.</param>
public sealed record Notice(string Title, string Text, Func<Task>? Retry);

/// <summary>
/// The one place where the answer to a command becomes something to see. Success is a toast that goes by itself; anything else is a panel
/// above the page that stays; a long action is a link to its operation.
/// </summary>
public sealed class Notices
{
    /// <summary>The panels, newest last.</summary>
    public IReadOnlyList<Notice> Panels { get; private set; } = [];

    /// <summary>Raised when <see cref="Panels"/> changed.</summary>
    public event Action? Changed;

    /// <summary>Raised with the words of a success and the operation that carries it out, or null.</summary>
    public event Action<string, string?>? Succeeded;

    /// <summary>Shows how a command ended and returns whether it was accepted.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="tried">What was tried, for example <c>Delete connection gz-prod</c>.</param>
    /// <param name="done">What to say when it was accepted, for example <c>Connection gz-prod deleted</c>.</param>
    /// <param name="retry">What "Try again" shall do, or null.</param>
    public bool Show(CommandResult result, string tried, string done, Func<Task>? retry = null)
    {
        if (result.IsAccepted)
        {
            Say(result.Text is null ? done : $"{done}. {result.Text}", result.OperationId);
            return true;
        }

        Fail($"{tried}: {Word(result.Outcome)}", result.Text ?? "The server gave no reason.", retry);
        return false;
    }

    /// <summary>Says that something succeeded.</summary>
    public void Say(string text, string? operationId = null) => Succeeded?.Invoke(text, operationId);

    /// <summary>Shows a panel that stays.</summary>
    public void Fail(string title, string text, Func<Task>? retry = null)
    {
        // The same failure again replaces its panel instead of piling up.
        Panels = [.. Panels.Where(panel => panel.Title != title), new Notice(title, text, retry)];
        Changed?.Invoke();
    }

    /// <summary>Closes a panel.</summary>
    public void Close(Notice notice)
    {
        Panels = [.. Panels.Where(panel => panel != notice)];
        Changed?.Invoke();
    }

    /// <summary>Closes all panels; the layout does so on the way to another page.</summary>
    public void Clear()
    {
        if (Panels.Count > 0)
        {
            Panels = [];
            Changed?.Invoke();
        }
    }

    private static string Word(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Conflict => "somebody was faster",
        CommandOutcome.Forbidden => "not allowed",
        CommandOutcome.NotFound => "it is gone",
        CommandOutcome.Invalid => "not yet right",
        _ => "not done",
    };
}
