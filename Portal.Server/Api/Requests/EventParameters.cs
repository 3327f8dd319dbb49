using Portal.Client.Contracts;

namespace Portal.Server.Api.Requests;

/// <summary>The filters of the events of a task, as they stand in the address.</summary>
internal sealed record EventParameters
{
    // Each word is a condition of its own, and SQLite takes no expression deeper than 1 000.
    private const int MostWords = 20;

    public string? Kind { get; init; }

    public string? Severity { get; init; }

    public string? Actor { get; init; }

    public string? Q { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public long? Before { get; init; }

    public long? After { get; init; }

    public int? Count { get; init; }

    public IReadOnlyList<FieldError> Errors =>
    [
        .. Kinds.Where(kind => KindOf(kind) is null)
            .Select(kind => new FieldError("kind", $"There is no kind “{kind}”. Choose among {string.Join(", ", TaskEventQuery.AllKinds)}.")),
        .. Severity is null || Least is not null ? Array.Empty<FieldError>()
            : [new FieldError("severity", $"There is no severity “{Severity}”. Choose one of {string.Join(", ", Enum.GetNames<EventSeverity>())}: that one and worse are found.")],
        .. (Q ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length <= MostWords ? Array.Empty<FieldError>()
            : [new FieldError("q", $"Search for {MostWords} words at most.")],
    ];

    public TaskEventQuery Query => new()
    {
        Kinds = [.. Kinds.Select(KindOf).OfType<string>()],
        Least = Least ?? EventSeverity.Info,
        Actor = Actor,
        Text = Q,
        From = From,
        To = To,
        Before = Before,
        After = After,
        Count = Count ?? 50,
    };

    private IEnumerable<string> Kinds => (Kind ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private EventSeverity? Least => Enum.TryParse<EventSeverity>(Severity, ignoreCase: true, out var severity) && Enum.IsDefined(severity) ? severity : null;

    private static string? KindOf(string word) => TaskEventQuery.AllKinds.FirstOrDefault(kind => kind.Equals(word, StringComparison.OrdinalIgnoreCase));
}
