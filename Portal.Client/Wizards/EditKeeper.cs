using Portal.Client.Contracts;

namespace Portal.Client.Wizards;

/// <summary>
/// Keeps what one person typed into the form of something stored, so that a cut connection, a reload or a restart of the server lose none of
/// it. What is saved or given up is kept no longer.
/// </summary>
/// <param name="drafts">Where drafts are kept.</param>
public sealed class EditKeeper<T>(IDraftService drafts)
    where T : class
{
    private const string Step = "edit";
    private string? _id;
    private bool _isKept;

    /// <summary>Why what stands in the form could not be kept, or null.</summary>
    public string? Trouble { get; private set; }

    /// <summary>What was typed before and not saved, or null.</summary>
    /// <param name="objectId">The task or the connection.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<KeptDraft<EditDraft<T>>?> OpenAsync(string objectId, CancellationToken cancellationToken)
    {
        _id = await drafts.IdOfEditAsync(objectId);
        var found = await drafts.FindAsync<EditDraft<T>>(_id, cancellationToken);
        _isKept = found is not null;
        return found;
    }

    /// <summary>Keeps a change; null for none. After <see cref="OpenAsync"/>. Never throws but for cancelling: what is wrong is <see cref="Trouble"/>.</summary>
    public async Task KeepAsync(EditDraft<T>? edit, CancellationToken cancellationToken)
    {
        if (_id is null || (edit is null && !_isKept))
        {
            return;
        }

        try
        {
            var result = edit is null
                ? await drafts.DeleteAsync(_id, cancellationToken)
                : await drafts.SaveAsync(_id, edit, Step, cancellationToken);
            Trouble = result.IsAccepted ? null : result.Text;
            _isKept = edit is not null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Trouble = exception.Message;
        }
    }
}
