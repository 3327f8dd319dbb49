using Portal.Client.Contracts;

namespace Portal.Client.Wizards;

/// <summary>What a form shows about keeping what stands in it.</summary>
/// <param name="TypedAt">When what stands in the form was typed, if that was before the form was opened; else null.</param>
/// <param name="SavedAt">When it was last saved as a draft; null for a change of something stored, or before the first time.</param>
/// <param name="Trouble">Why it could not be kept, or null.</param>
public sealed record KeptForm(DateTimeOffset? TypedAt, DateTimeOffset? SavedAt, string? Trouble);

/// <summary>
/// Keeps what is typed into a form that both makes new things and changes stored ones: a new one as a draft of its own, of which there may be
/// several, a change as that of its thing. What is saved or given up is kept no longer.
/// </summary>
/// <param name="drafts">Where drafts are kept.</param>
/// <param name="clock">The clock.</param>
public sealed class FormKeeper<T>(IDraftService drafts, TimeProvider clock)
    where T : class
{
    private const string Step = "form";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly DraftKeeper<T> _new = new(drafts, clock);
    private EditKeeper<T>? _stored;
    private DateTimeOffset? _typedAt;
    private int _edits;

    /// <summary>Whether what stood in the form was saved or given up: nothing is kept from then on.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>How it stands.</summary>
    public KeptForm State => _stored is null ? new(null, _new.SavedAt, _new.Trouble) : new(_typedAt, null, _stored.Trouble);

    /// <summary>Goes on with a draft of something new; null when there is none of this person (any more).</summary>
    public async Task<T?> OpenNewAsync(string id, CancellationToken cancellationToken) => (await _new.OpenAsync(id, cancellationToken))?.Content;

    /// <summary>Begins to keep a change of something stored; returns what was typed before and not saved, or null.</summary>
    /// <param name="objectId">What is changed.</param>
    /// <param name="ignore">Whether what was typed before shall not stand in the form; the next change takes its place.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<EditDraft<T>?> OpenStoredAsync(string objectId, bool ignore, CancellationToken cancellationToken)
    {
        _stored = new EditKeeper<T>(drafts);
        if (await _stored.OpenAsync(objectId, cancellationToken) is not { } kept || ignore)
        {
            return null;
        }

        _typedAt = kept.Summary.SavedAt;
        return kept.Content;
    }

    /// <summary>What stands in the form is not what was typed before any more.</summary>
    public void Forget() => _typedAt = null;

    /// <summary>Keeps what stands in the form; null for nothing. What is wrong is in <see cref="State"/>.</summary>
    public Task KeepAsync(EditDraft<T>? form, CancellationToken cancellationToken) =>
        HasEnded ? Task.CompletedTask : StoreAsync(form, cancellationToken);

    /// <summary>Keeps what stands in the form once typing has rested: of several calls in a row only the last does. Returns whether it did.</summary>
    public async Task<bool> KeepSoonAsync(Func<EditDraft<T>?> form, CancellationToken cancellationToken)
    {
        var edit = ++_edits;
        try
        {
            await Task.Delay(Pause, clock, cancellationToken);
            if (edit == _edits)
            {
                await KeepAsync(form(), cancellationToken);
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            // The form was closed; that keeps it too.
        }

        return false;
    }

    /// <summary>The form goes: what was typed in the last quarter of a second is kept too.</summary>
    public Task CloseAsync(EditDraft<T>? form) => _edits > 0 ? KeepAsync(form, CancellationToken.None) : Task.CompletedTask;

    /// <summary>What stood in the form was saved or given up, and is kept no longer.</summary>
    public Task EndAsync()
    {
        HasEnded = true;
        return StoreAsync(null, CancellationToken.None);
    }

    private Task StoreAsync(EditDraft<T>? form, CancellationToken cancellationToken) =>
        _stored is not null ? _stored.KeepAsync(form, cancellationToken)
        : form is not null ? _new.SaveAsync(form.After, Step, cancellationToken)
        : _new.DropAsync(cancellationToken);
}
