using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;

namespace Portal.Server.Live.Roster;

/// <summary>What the server knows of a stored task besides its row: what is being done with it, what it runs with, what its runs summed up to.</summary>
internal sealed record RosterEntry
{
    public required string Id { get; init; }

    public required AskedState Asked { get; init; }

    /// <summary>When that was asked or last changed.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    public required int Clients { get; init; }

    /// <summary>What is being carried out now: pausing, restarting or deleting.</summary>
    public UnderWay? Command { get; init; }

    /// <summary>While paused: until when the broker keeps the sessions, as granted; null when that is not known.</summary>
    public DateTimeOffset? SessionsKeptUntil { get; init; }

    /// <summary>What waits at the broker for it, where the broker tells.</summary>
    public BrokerQueue? Queue { get; init; }

    /// <summary>How many sessions it owes to brokers.</summary>
    public int OwedSessions { get; init; }

    /// <summary>What kept the reconciler from doing what was asked.</summary>
    public Trouble? Trouble { get; init; }

    /// <summary>What the pipeline was last given; null while none runs.</summary>
    public InMotion? InMotion { get; init; }

    /// <summary>With what it ran well before, as long as it has not come up with what was given to it since.</summary>
    public InMotion? Former { get; init; }

    /// <summary>What is asked, but was given up because it failed its test or did not come up.</summary>
    public GivenUp? GivenUp { get; init; }

    /// <summary>Whether the stored settings are newer than those in motion.</summary>
    public bool RestartToApply { get; init; }

    /// <summary>The books of all runs that have ended.</summary>
    public TaskBooks Closed { get; init; } = TaskBooks.Empty;

    /// <summary>The present run, or the last one until its final books came.</summary>
    public RunFigures? Run { get; init; }

    /// <summary>The run before it, as long as its final books have not come.</summary>
    public RunFigures? RunBefore { get; init; }

    /// <summary>The run whose final books were added to <see cref="Closed"/> last: a photo of it that comes late is not counted again.</summary>
    public Guid? LastEnded { get; init; }

    public TaskBooks Books => (RunBefore, Run) switch
    {
        (null, null) => Closed,
        ({ } before, null) => Closed.Plus(before.Books),
        (null, { } run) => Closed.Plus(run.Books),
        ({ } before, { } run) => Closed.Plus(before.Books).Plus(run.Books),
    };

    /// <summary>Takes in a photo: the figures of the present run, or the beginning of a new one.</summary>
    public RosterEntry Seen(PipelineSnapshot photo)
    {
        if (photo.RunId == LastEnded || photo.RunId == RunBefore?.Id)
        {
            return this;
        }

        var run = new RunFigures(photo.RunId, photo.Books);
        if (Run is null || Run.Id == photo.RunId)
        {
            return Run == run ? this : this with { Run = run };
        }

        // Two runs without final books: those of the older were lost on the way, and the last ones seen must do.
        return this with { Closed = RunBefore is null ? Closed : Closed.Plus(RunBefore.Books.Closed()), RunBefore = Run, Run = run };
    }

    /// <summary>Takes in the final books of a run.</summary>
    public RosterEntry Ended(PipelineSnapshot final) => this with
    {
        Closed = LastEnded == final.RunId ? Closed : Closed.Plus(final.Books.Closed()),
        LastEnded = final.RunId,
        Run = Run?.Id == final.RunId ? null : Run,
        RunBefore = RunBefore?.Id == final.RunId ? null : RunBefore,
    };
}

/// <summary>What waits at a broker for a task, and how much it would keep.</summary>
internal sealed record BrokerQueue(long Waiting, long Limit);

/// <summary>A command that is being carried out.</summary>
internal sealed record UnderWay(ConnectorTaskStatus Status, DateTimeOffset Since);

/// <summary>Why what is asked cannot be done now.</summary>
/// <param name="Text">Cause and what to do, in words.</param>
/// <param name="Since">Since when.</param>
/// <param name="NeedsYou">Whether trying again will not help.</param>
internal sealed record Trouble(string Text, DateTimeOffset Since, bool NeedsYou);

/// <summary>The books of a run as last seen.</summary>
internal sealed record RunFigures(Guid Id, PipelineBooks Books);

/// <summary>What a pipeline was given, and what it was compiled from.</summary>
/// <param name="Spec">The order.</param>
/// <param name="Stamp">The revisions of connection, cluster and instance.</param>
/// <param name="Settings">The task's own.</param>
/// <param name="Endpoints">Those of the cluster then.</param>
internal sealed record InMotion(PipelineSpec Spec, SettingsStamp Stamp, ConnectorTaskDraft Settings, IReadOnlyList<ClusterEndpoint> Endpoints)
{
    /// <summary>Whether that spec would connect to the same broker in the same way.</summary>
    public bool HasBrokerOf(PipelineSpec other) => (Spec.Source with { Broker = other.Source.Broker }).SameAs(Spec.Source);
}

/// <summary>Settings with which a task does not run although they are asked for.</summary>
/// <param name="Tried">They.</param>
/// <param name="Why">What is shown as long as it runs with the former ones instead.</param>
/// <param name="IsTestedAgain">
/// Whether they are taken once they pass their test, which they failed. Those that passed it and did not come up wait for a person.
/// </param>
internal sealed record GivenUp(InMotion Tried, string Why, bool IsTestedAgain);

/// <summary>Names the settings of connection, cluster and instance that a spec was compiled from.</summary>
internal sealed record SettingsStamp(string ConnectionId, long Connection, string ClusterId, long Cluster, string InstanceId, long Instance);
