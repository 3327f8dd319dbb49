using Portal.Client.Components.Review;
using Portal.Client.Contracts;

namespace Portal.Client.Wizards.Connections;

/// <summary>
/// A change of a stored connection while it is being typed: what differs, whether it has to be tested, whether tasks have to restart.
/// </summary>
public sealed class ConnectionChange(ConnectionView stored)
{
    private ConnectionDraft? _tested;

    /// <summary>What is stored.</summary>
    public ConnectionView Stored { get; private set; } = stored;

    /// <summary>What shall be stored.</summary>
    public ConnectionDraft Draft { get; private set; } = Of(stored);

    /// <summary>The test of the present draft, or null.</summary>
    public ValidationReport? Report { get; private set; }

    /// <summary>Whether anything differs.</summary>
    public bool IsDirty => Draft != Of(Stored);

    /// <summary>Whether what tasks connect with differs; a name or a description restarts nothing and needs no test.</summary>
    public bool TouchesTasks =>
        Draft.MqttClusterId != Stored.MqttClusterId || Draft.UserName != Stored.UserName || Draft.Password.Kind != SecretChangeKind.Keep;

    /// <summary>Whether the present draft has passed a test.</summary>
    public bool IsTested => Report is { Finished: true, Passed: true } && _tested == Draft;

    /// <summary>Takes what was typed; a test of something else counts no more.</summary>
    public void Edit(ConnectionDraft draft)
    {
        Draft = draft;
        if (_tested != Draft)
        {
            Report = null;
        }
    }

    /// <summary>Marks the present draft as the one that is being tested.</summary>
    public void BeginTest()
    {
        Report = null;
        _tested = Draft;
    }

    /// <summary>Takes a report of the test.</summary>
    public void Take(ValidationReport report)
    {
        if (_tested == Draft)
        {
            Report = report;
        }
    }

    /// <summary>What is to be kept of it while it is not saved, or null for nothing.</summary>
    public EditDraft<ConnectionDraft>? Unsaved => IsDirty ? new(Stored.Revision, Of(Stored), Draft) : null;

    /// <summary>Goes on with what was typed before and not saved. Returns what somebody else stored meanwhile, or null.</summary>
    /// <param name="kept">What <see cref="Unsaved"/> was.</param>
    /// <param name="clusterName">Turns the id of a cluster into its name.</param>
    public ConnectionView? GoOnWith(EditDraft<ConnectionDraft> kept, Func<string, string> clusterName)
    {
        var theirs = kept.Revision == Stored.Revision ? null : Stored;
        if (theirs is not null)
        {
            var before = kept.Before;
            Stored = Stored with
            {
                Revision = kept.Revision,
                Name = before.Name,
                Description = before.Description,
                MqttClusterId = before.MqttClusterId,
                MqttClusterName = clusterName(before.MqttClusterId),
                UserName = before.UserName,
            };
        }

        Edit(kept.After);
        return theirs;
    }

    /// <summary>Forgets what was typed.</summary>
    public void Discard() => Edit(Of(Stored));

    /// <summary>
    /// Puts what was typed on top of what somebody else stored meanwhile: fields that were not touched become theirs, and of those that both
    /// changed the <paramref name="yielded"/> ones.
    /// </summary>
    public void PutOnTopOf(ConnectionView theirs, IReadOnlyCollection<string>? yielded = null)
    {
        var merged = DraftMerge.Merge(Of(Stored), Draft, Of(theirs), yielded);
        Stored = theirs;
        Edit(merged);
    }

    /// <summary>What both changed, differently.</summary>
    public IReadOnlyList<string> Clashes(ConnectionView theirs) => DraftMerge.Clashes(Of(Stored), Draft, Of(theirs));

    /// <summary>What differs, for people. <paramref name="clusterName"/> turns an id into a name.</summary>
    public IReadOnlyList<DiffLine> Lines(Func<string, string> clusterName)
    {
        var lines = DiffLine.Between(
            ("name", Stored.Name, Draft.Name),
            ("description", Stored.Description, Draft.Description),
            ("cluster", clusterName(Stored.MqttClusterId), clusterName(Draft.MqttClusterId)),
            ("user", Stored.UserName, Draft.UserName));
        return Draft.Password.Kind == SecretChangeKind.Keep
            ? lines
            : [.. lines, DiffLine.Secret("password", Stored.HasPassword, Draft.Password.Kind == SecretChangeKind.Remove)];
    }

    private static ConnectionDraft Of(ConnectionView view) => new()
    {
        Name = view.Name,
        Description = view.Description,
        MqttClusterId = view.MqttClusterId,
        UserName = view.UserName,
    };
}
