using Portal.Client.Contracts;

namespace Portal.Client.Wizards;

/// <summary>
/// Keeps the draft of one wizard: its id, when it was saved last, and what went wrong if it could not be. Saves only what differs from what
/// was saved; knows nothing of pages.
/// </summary>
/// <param name="drafts">Where drafts are kept.</param>
/// <param name="clock">The clock.</param>
public sealed class DraftKeeper<T>(IDraftService drafts, TimeProvider clock)
    where T : class
{
    private T? _saved;
    private string? _savedStep;

    /// <summary>The id in the address, known before the first save.</summary>
    public string Id { get; private set; } = drafts.NewId();

    /// <summary>When it was last saved; null before the first time.</summary>
    public DateTimeOffset? SavedAt { get; private set; }

    /// <summary>Why the last save did not succeed, or null.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Goes on with a draft that was saved; null when there is none of this person (any more).</summary>
    public async Task<KeptDraft<T>?> OpenAsync(string id, CancellationToken cancellationToken)
    {
        var found = await drafts.FindAsync<T>(id, cancellationToken);
        if (found is not null)
        {
            (Id, SavedAt, _saved, _savedStep) = (id, found.Summary.SavedAt, found.Content, found.Summary.Step);
        }

        return found;
    }

    /// <summary>Begins another draft, which is not saved yet.</summary>
    public void BeginNew() => (Id, SavedAt, Trouble, _saved, _savedStep) = (drafts.NewId(), null, null, null, null);

    /// <summary>Saves the draft if it or the step differs from what was saved. Never throws but for cancelling: what is wrong is <see cref="Trouble"/>.</summary>
    public async Task SaveAsync(T content, string step, CancellationToken cancellationToken)
    {
        if (content == _saved && step == _savedStep)
        {
            return;
        }

        try
        {
            var result = await drafts.SaveAsync(Id, content, step, cancellationToken);
            Trouble = result.IsAccepted ? null : result.Text;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Trouble = exception.Message;
        }

        if (Trouble is null)
        {
            (_saved, _savedStep, SavedAt) = (content, step, clock.GetUtcNow());
        }
    }

    /// <summary>Deletes the draft, for it was carried out or given up.</summary>
    public Task DropAsync(CancellationToken cancellationToken) => drafts.DeleteAsync(Id, cancellationToken);
}
