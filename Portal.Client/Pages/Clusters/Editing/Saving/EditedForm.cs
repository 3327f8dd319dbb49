using Portal.Client.Components.Review;
using Portal.Client.Contracts;
using Portal.Client.Wizards;

namespace Portal.Client.Pages.Clusters.Editing.Saving;

/// <summary>
/// What stands in a form and what it began with: what differs, what is wrong with it, which test is of exactly this. It knows no dialog and no service.
/// </summary>
/// <param name="compare">What differs between two drafts.</param>
public sealed class EditedForm<TDraft>(Func<TDraft, TDraft, IReadOnlyList<DiffLine>> compare)
    where TDraft : class, new()
{
    private (int Edition, ValidationReport Report)? _test;
    private TDraft _origin = new();
    private long _revision;

    /// <summary>What stands in the form.</summary>
    public TDraft Draft { get; private set; } = new();

    /// <summary>What differs from what it began with.</summary>
    public IReadOnlyList<DiffLine> Lines { get; private set; } = [];

    /// <summary>All that is wrong with the draft, as far as it was asked and not changed since.</summary>
    public IReadOnlyList<FieldError> Errors { get; set; } = [];

    /// <summary>Counts what was changed of the settings that a test is about.</summary>
    public int Edition { get; private set; }

    /// <summary>The last test of exactly what stands in the form, once it has ended; else null.</summary>
    public ValidationReport? Test => _test is { Report.Finished: true } last && last.Edition == Edition ? last.Report : null;

    /// <summary>What is worth keeping, or null while nothing differs.</summary>
    public EditDraft<TDraft>? Unsaved => Lines.Count > 0 ? new(_revision, _origin, Draft) : null;

    /// <summary>Begins with a draft as it is stored, or with an empty one.</summary>
    /// <param name="origin">What is compared with from here on.</param>
    /// <param name="revision">Its revision; 0 when nothing is stored.</param>
    /// <param name="draft">What stands in the form; null for the same.</param>
    public void Begin(TDraft origin, long revision, TDraft? draft = null)
    {
        (_origin, _revision) = (origin, revision);
        Take(draft ?? origin);
    }

    /// <summary>Takes a draft in which a field was changed; the errors of that field go.</summary>
    public void Take(TDraft draft, string field = "")
    {
        Draft = draft;
        Lines = compare(_origin, draft);
        Errors = [.. Errors.Where(error => error.Field != field && !error.Field.StartsWith($"{field}[", StringComparison.Ordinal))];
        if (field is not ("Name" or "Description" or "Region" or "Kind"))
        {
            Edition++;
        }
    }

    /// <summary>Takes a report of a test of what stands in the form.</summary>
    public void Tested(ValidationReport report) => _test = (Edition, report);

    /// <summary>What somebody else changed of what it began with.</summary>
    public IReadOnlyList<DiffLine> Theirs(TDraft stored) => compare(_origin, stored);

    /// <summary>The names of what both changed, differently.</summary>
    public IReadOnlyList<string> Clashes(TDraft stored) => DraftMerge.Clashes(_origin, Draft, stored);

    /// <summary>Mine on top of what somebody else stored; of what both changed, theirs counts for the names in <paramref name="yielded"/>.</summary>
    public TDraft Merged(TDraft stored, IReadOnlyCollection<string> yielded) => DraftMerge.Merge(_origin, Draft, stored, yielded);
}
