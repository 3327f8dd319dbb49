using Portal.Client.Components.Texts;
using Portal.Client.Contracts;
using Portal.Client.Live;

namespace Portal.Client.Pages.ConnectorTasks.Detail;

/// <summary>The live figures of a task's page by key: what they are rendered with, and what is patched into them later.</summary>
public static class TaskFigures
{
    /// <summary>Messages a second received.</summary>
    public const string In = "task/in";

    /// <summary>Messages a second confirmed by Kafka.</summary>
    public const string Out = "task/out";

    /// <summary>How long the oldest open delivery has been open.</summary>
    public const string OldestOpen = "task/oldest";

    /// <summary>Messages that the broker sent twice on one connection.</summary>
    public const string Twins = "task/twins";

    /// <summary>Clients online.</summary>
    public const string ClientsOnline = "task/clients";

    /// <summary>Percentiles of the latency.</summary>
    public const string LatencyP50 = "task/p50";

    /// <summary>Percentiles of the latency.</summary>
    public const string LatencyP95 = "task/p95";

    /// <summary>Percentiles of the latency.</summary>
    public const string LatencyP99 = "task/p99";

    /// <summary>Percentiles of the time since publishing.</summary>
    public const string PublishP50 = "task/pub50";

    /// <summary>Percentiles of the time since publishing.</summary>
    public const string PublishP95 = "task/pub95";

    /// <summary>Percentiles of the time since publishing.</summary>
    public const string PublishP99 = "task/pub99";

    /// <summary>Messages that wait at the broker.</summary>
    public const string Backlog = "task/backlog";

    /// <summary>How long the broker would keep everything.</summary>
    public const string OutageBudget = "task/budget";

    private static readonly Dictionary<string, Func<ConnectorTaskLive, string>> Texts = new()
    {
        [In] = live => Numbers.Rate(live.InPerSecond),
        [Out] = live => Numbers.Rate(live.OutPerSecond),
        [OldestOpen] = live => Numbers.Duration(live.OldestOpen),
        [Twins] = live => Numbers.Count(live.Books.Twins),
        [ClientsOnline] = live => Numbers.Count(live.ClientsOnline),
        [LatencyP50] = live => Milliseconds(live.LatencyP50),
        [LatencyP95] = live => Milliseconds(live.LatencyP95),
        [LatencyP99] = live => Milliseconds(live.LatencyP99),
        [PublishP50] = live => Milliseconds(live.PublishLatencyP50),
        [PublishP95] = live => Milliseconds(live.PublishLatencyP95),
        [PublishP99] = live => Milliseconds(live.PublishLatencyP99),
        [Backlog] = live => live.Backlog is { } waiting ? Numbers.Count(waiting) : Numbers.Unknown,
        [OutageBudget] = live => live.OutageBudgetSeconds is { } seconds ? Numbers.Duration(TimeSpan.FromSeconds(seconds)) : Numbers.Unknown,
    };

    static TaskFigures()
    {
        foreach (var term in BooksEquation.Ends.Prepend(BooksEquation.Received))
        {
            Texts[Books(term)] = live => Numbers.Count(term.Of(live.Books));
        }
    }

    /// <summary>Messages that were refused for good.</summary>
    public static string DeadLetters { get; } = Books(BooksEquation.Ends[1]);

    /// <summary>The key of a counter of the books.</summary>
    public static string Books(BooksTerm term) => $"books/{term.Key}";

    /// <summary>The words of a figure.</summary>
    public static string Text(string key, ConnectorTaskLive live) => Texts[key](live);

    /// <summary>The key of a reason why messages were discarded.</summary>
    public static string Discard(string reason) => $"discard/{reason}";

    /// <summary>All figures.</summary>
    public static IEnumerable<Cell> All(ConnectorTaskLive live) =>
        Texts.Select(figure => new Cell(figure.Key, figure.Value(live)))
            .Concat(live.Discards.Select(discard => new Cell(Discard(discard.Key), Numbers.Count(discard.Value))));

    private static string Milliseconds(double? value) => Numbers.Duration(value is { } known ? TimeSpan.FromMilliseconds(known) : null);
}
