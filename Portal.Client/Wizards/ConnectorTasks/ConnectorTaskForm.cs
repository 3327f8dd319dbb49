using System.Globalization;
using Portal.Client.Contracts;

namespace Portal.Client.Wizards.ConnectorTasks;

/// <summary>
/// A task's draft while a person fills it in: what stands in it, what is wrong with it, and what of that is to be shown yet.
/// The rules themselves are the service's, so that a page, the REST door and the wizard never differ.
/// </summary>
/// <param name="tasks">Checks drafts.</param>
/// <param name="taskId">The task that is being changed, or null for a new one.</param>
/// <param name="draft">What stands in it at first.</param>
public sealed class ConnectorTaskForm(IConnectorTaskService tasks, string? taskId, ConnectorTaskDraft draft)
{
    private readonly HashSet<string> _revealed = [];
    private readonly Dictionary<string, FieldError> _unreadable = [];
    private int _lastCheck;

    /// <summary>What stands in the form.</summary>
    public ConnectorTaskDraft Draft { get; private set; } = draft;

    /// <summary>The task that is being changed, or null for a new one.</summary>
    public string? TaskId => taskId;

    /// <summary>All that is wrong, shown yet or not, as of the last check.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>Raised after each change, for those that check and keep the draft.</summary>
    public event Action? Changed;

    /// <summary>Changes the draft. From now on errors of this field are shown.</summary>
    public void Change(string field, Func<ConnectorTaskDraft, ConnectorTaskDraft> change)
    {
        Draft = change(Draft);
        // A number whose field goes with this choice can be mended by nobody any more.
        foreach (var hidden in _unreadable.Keys.Where(number => number.StartsWith($"{field}.", StringComparison.Ordinal)
            || (field == nameof(Draft.Partitioning) && number == nameof(Draft.FixedPartition))).ToList())
        {
            _unreadable.Remove(hidden);
        }

        _revealed.Add(ConnectorTaskSteps.Member(field));
        Changed?.Invoke();
    }

    /// <summary>Takes a number as typed; what is none stands as an error until it is mended, and the draft keeps the last number.</summary>
    public void ChangeNumber(string field, string? text, Func<ConnectorTaskDraft, int, ConnectorTaskDraft> change)
    {
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
        {
            _unreadable.Remove(field);
            Change(field, draft => change(draft, number));
        }
        else
        {
            var what = string.IsNullOrWhiteSpace(text) ? "Nothing is filled in" : $"“{text.Trim()}” is not a whole number";
            _unreadable[field] = new FieldError(field, $"{what}: write digits only.");
            Change(field, draft => draft);
        }
    }

    /// <summary>Takes out a number that may be left out, together with what was wrong with it.</summary>
    public void ClearNumber(string field, Func<ConnectorTaskDraft, ConnectorTaskDraft> change)
    {
        _unreadable.Remove(field);
        Change(field, change);
    }

    /// <summary>Adds one or more topic filters, separated by commas or line ends; what is there already is not added twice.</summary>
    public void AddTopics(string text)
    {
        var topics = TopicFilter.Split(text);
        if (topics.Count > 0)
        {
            Change(nameof(Draft.Topics), draft => draft with { Topics = [.. draft.Topics.Union(topics)] });
        }
    }

    /// <summary>Takes one topic filter out.</summary>
    public void RemoveTopic(int index) =>
        Change(nameof(Draft.Topics), draft => draft with { Topics = [.. draft.Topics.Where((_, at) => at != index)] });

    /// <summary>Checks the draft. When two checks overtake each other, the newer counts.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var check = ++_lastCheck;
        var errors = await tasks.CheckAsync(taskId, Draft, cancellationToken);
        if (check == _lastCheck)
        {
            Take(errors);
        }
    }

    /// <summary>Takes what a service found wrong.</summary>
    public void Take(IReadOnlyList<FieldError> errors) =>
        Errors = [.. _unreadable.Values, .. errors.Where(error => !_unreadable.ContainsKey(error.Field))];

    /// <summary>Begins to show the errors of a whole section, since it was left or is to be saved.</summary>
    public void Reveal(ConnectorTaskStep step)
    {
        foreach (var error in Errors.Where(error => ConnectorTaskSteps.Of(error.Field) == step))
        {
            _revealed.Add(ConnectorTaskSteps.Member(error.Field));
        }
    }

    /// <summary>Begins to show all errors.</summary>
    public void RevealAll()
    {
        foreach (var step in ConnectorTaskSteps.All)
        {
            Reveal(step);
        }
    }

    /// <summary>All that is wrong in a section.</summary>
    public IEnumerable<FieldError> ErrorsIn(ConnectorTaskStep step) => Errors.Where(error => ConnectorTaskSteps.Of(error.Field) == step);

    /// <summary>What is wrong and to be shown: an empty field that nobody has come to yet is not reproached.</summary>
    public IReadOnlyList<FieldError> Shown => [.. Errors.Where(error => _revealed.Contains(ConnectorTaskSteps.Member(error.Field)))];
}
