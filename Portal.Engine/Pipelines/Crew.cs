using Portal.Engine.Ledger;
using Portal.Engine.Sources;

namespace Portal.Engine.Pipelines;

/// <summary>The clients of a pipeline as they stand at one moment; replaced as a whole when some join or leave.</summary>
internal sealed class Crew
{
    /// <summary>More ordinals than this are not given out in one run: receipts are sorted by them on the stack.</summary>
    public const int MostOrdinals = 1024;

    private readonly TaskClient?[] _byOrdinal;

    private Crew(TaskClient?[] byOrdinal, TaskClient[] staying, TaskClient[] present, ClientBooksPhoto left)
    {
        _byOrdinal = byOrdinal;
        Staying = staying;
        Present = present;
        Left = left;
    }

    public static Crew Empty { get; } = new([], [], [], default);

    /// <summary>How many ordinals were given out. An ordinal is never given to another client: a receipt that comes late must meet nobody.</summary>
    public int Ordinals => _byOrdinal.Length;

    /// <summary>Those that the spec asks for, in its order.</summary>
    public TaskClient[] Staying { get; }

    /// <summary>Those and the ones that still drain, by index.</summary>
    public TaskClient[] Present { get; }

    /// <summary>The books of those that have left; they belong to the run as before.</summary>
    public ClientBooksPhoto Left { get; }

    /// <summary>Who has an ordinal; null once it has left.</summary>
    public TaskClient? At(int ordinal) => _byOrdinal[ordinal];

    /// <summary>Some join, and of the present ones only those stay whose index is asked for.</summary>
    public Crew Changed(IReadOnlyList<int> asked, IReadOnlyList<TaskClient> joining)
    {
        TaskClient[] staying = [.. Staying.Concat(joining).Where(client => asked.Contains(client.Index)).OrderBy(client => client.Index)];
        return new Crew([.. _byOrdinal, .. joining], staying, [.. Present.Concat(joining).OrderBy(client => client.Index)], Left);
    }

    /// <summary>Without those whose sessions have ended, whose books are final.</summary>
    public Crew Without(IReadOnlyCollection<TaskClient> gone) => new(
        [.. _byOrdinal.Select(client => client is not null && gone.Contains(client) ? null : client)],
        Staying,
        [.. Present.Where(client => !gone.Contains(client))],
        gone.Aggregate(Left, (sum, client) => sum.Plus(client.Books.Read())));
}
