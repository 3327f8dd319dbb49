using Portal.Engine.Specs;

namespace Portal.Engine.Pipelines;

/// <summary>How a pipeline ends.</summary>
public enum RetireMode
{
    /// <summary>Stop reading, finish what is open, disconnect; the broker keeps the sessions and queues (pause, restart).</summary>
    KeepSessions,

    /// <summary>Unsubscribe, finish what is open, then end the sessions for good (delete, scale down).</summary>
    EndSessions,

    /// <summary>Drop everything at once; the broker sends again what was open (shutdown without time).</summary>
    Abandon,
}

/// <summary>What <see cref="IPipelineSupervisor.ApplyAsync"/> did.</summary>
public enum ApplyOutcome
{
    /// <summary>The same spec is already in motion.</summary>
    Unchanged,

    /// <summary>A new pipeline was started.</summary>
    Started,

    /// <summary>Mapping, filter or limits were swapped at the next message; no session was touched.</summary>
    Swapped,

    /// <summary>Clients joined, or left after their sessions were drained and ended; the others were not touched.</summary>
    Scaled,

    /// <summary>The old pipeline was drained and a new one started.</summary>
    Restarted,

    /// <summary>The spec is invalid; what ran before still runs.</summary>
    Refused,
}

/// <summary>The answer to an apply.</summary>
/// <param name="Outcome">What was done.</param>
/// <param name="Errors">Why it was refused; empty otherwise.</param>
public sealed record ApplyResult(ApplyOutcome Outcome, IReadOnlyList<SpecError> Errors)
{
    /// <summary>What the replaced pipeline, or the clients that left, have at the broker although it should not be there any more, in words.</summary>
    public IReadOnlyList<string> Owed { get; init; } = [];
}

/// <summary>What happened to a pipeline.</summary>
public enum PipelineFactKind
{
    /// <summary>The status changed.</summary>
    Status,

    /// <summary>A client connected or lost its session.</summary>
    Session,

    /// <summary>First refused message of an episode.</summary>
    Failure,

    /// <summary>Something else worth telling.</summary>
    Notice,

    /// <summary>The run ended; its last books are in the text and in <see cref="PipelineFact.Final"/>.</summary>
    RunEnded,
}

/// <summary>One line of a task's log of what happened.</summary>
/// <param name="PipelineId">Whose.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What kind.</param>
/// <param name="Severity">How serious.</param>
/// <param name="Text">In words.</param>
/// <param name="Final">With <see cref="PipelineFactKind.RunEnded"/> the last photo of the run, whose books are final; otherwise null.</param>
public sealed record PipelineFact(
    string PipelineId, DateTimeOffset At, PipelineFactKind Kind, FactSeverity Severity, string Text, PipelineSnapshot? Final = null);

/// <summary>How serious a fact is.</summary>
public enum FactSeverity
{
    /// <summary>For the record.</summary>
    Info,

    /// <summary>Recovers by itself, or costs something.</summary>
    Warning,

    /// <summary>Needs a person.</summary>
    Error,
}

/// <summary>
/// Makes running match asked: one pipeline per id, one gate per id. Calls for different ids never wait for each other.
/// </summary>
/// <remarks>
/// Disposing retires every pipeline with <see cref="RetireMode.KeepSessions"/>, within seconds. A host that reads facts disposes it while
/// it still reads them, so that the final books are not lost; twice is safe.
/// </remarks>
public interface IPipelineSupervisor : IAsyncDisposable
{
    /// <summary>
    /// Makes the pipeline <c>spec.Id</c> be as the spec says. Returns when the order is taken up and the old pipeline, if any, has
    /// ended; the new one connects in the background and reports by snapshot. Idempotent: the same spec twice does nothing.
    /// </summary>
    /// <remarks>
    /// A pipeline that failed is started anew even by an equal spec. Two pipelines never share client ids. What failed by a fault that a new
    /// start may mend is started again by itself: after 2 s, then twice as long each time, at most seven times within an hour. With the spec
    /// that it had, unless <see cref="RestartThrough"/> names somebody who knows a newer one. Until the new one stands in its place it is
    /// <see cref="PipelineStatus.Recovering"/>; <see cref="PipelineStatus.Failed"/> is never told of one that is started again by itself.
    /// The seven belong to the id, as long as this process lives: retired, applied again or sent to another broker it goes on with the same count,
    /// until <see cref="CountRestartsAnew"/>.
    /// </remarks>
    Task<ApplyResult> ApplyAsync(PipelineSpec spec, CancellationToken cancellationToken);

    /// <summary>Ends the pipeline. Bounded: each step of a drain has its own limit, and then it is abandoned. Does nothing for an unknown id.</summary>
    /// <returns>The last photo, taken after the end, whose books are final; null for an unknown id.</returns>
    Task<PipelineSnapshot?> RetireAsync(string id, RetireMode mode, CancellationToken cancellationToken);

    /// <summary>Retires with <see cref="RetireMode.KeepSessions"/> and starts the given spec anew, even if equal.</summary>
    Task<ApplyResult> RestartAsync(PipelineSpec spec, CancellationToken cancellationToken);

    /// <summary>
    /// A person gave an order: the next automatic restart is the first of seven again, 2 s after the fault. A plan that waits already keeps its
    /// number and its time. Does nothing for an unknown id.
    /// </summary>
    void CountRestartsAnew(string id);

    /// <summary>
    /// Names who carries out automatic restarts from now on: called with the id of a pipeline that failed, when its attempt is due, it calls
    /// <see cref="ApplyAsync"/> with the spec of now. It returns null, also where it could not now and comes back to it by itself; or why it
    /// could not for good, in words: then nothing more is tried.
    /// </summary>
    void RestartThrough(Func<string, CancellationToken, Task<string?>> restart);

    /// <summary>
    /// Ends the sessions that a task's clients may have left at the broker although no pipeline runs (deleted while paused): connects
    /// each client id, unsubscribes, takes in what the broker still held, delivers it, and ends the session.
    /// </summary>
    /// <returns>Null when done, or why not, in words.</returns>
    Task<string?> EndSessionsAsync(PipelineSpec spec, CancellationToken cancellationToken);

    /// <summary>
    /// Ends sessions that clients of a former spec left at a broker, beside the pipeline of the same id, which runs at another broker or with other
    /// clients: it is not touched. Never two at a time for one id.
    /// </summary>
    /// <param name="left">The clients, the broker and the topics of then. No client that is in motion at that broker.</param>
    /// <param name="cancellationToken">Cuts it short.</param>
    /// <returns>Null when done, or why not, in words.</returns>
    Task<string?> EndLeftSessionsAsync(PipelineSpec left, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the attempt that is planned at once: the automatic restart of a pipeline that failed, or what the sink tries next at Kafka and the
    /// next connect of each client that waits.
    /// </summary>
    /// <returns>False when nothing is planned.</returns>
    bool TryNow(string id);

    /// <summary>Plans no further automatic restart of a pipeline that failed: it is then Failed and needs a person.</summary>
    /// <returns>False when none is planned.</returns>
    bool StopTrying(string id);

    /// <summary>Closes the network session of one client; it reconnects by itself.</summary>
    /// <returns>False when no such client is connected.</returns>
    bool Disconnect(string id, string clientId);

    /// <summary>
    /// Ends the session of one client at the broker while its pipeline goes on; the client connects again by itself and begins a new one. First
    /// what it has received is brought to Kafka and acknowledged, for at most 30 s.
    /// </summary>
    /// <remarks>
    /// What the broker still holds for the session, queued or on its way, is lost, unless the broker hands it to another member of the group. A session
    /// with open deliveries is never ended: when Kafka does not answer in time the client is only disconnected.
    /// </remarks>
    /// <returns>Null when done, or why the session is still at the broker, in words.</returns>
    Task<string?> EndSessionAsync(string id, string clientId, CancellationToken cancellationToken);

    /// <summary>The present photo of one pipeline, or null.</summary>
    PipelineSnapshot? Find(string id);

    /// <summary>The present photos of all pipelines.</summary>
    IReadOnlyList<PipelineSnapshot> Snapshots();

    /// <summary>
    /// What happens from now on, to the end of the last pipeline when the supervisor is disposed; then it ends. A bounded buffer: a reader that
    /// falls behind loses the oldest and is told so by a fact.
    /// </summary>
    IAsyncEnumerable<PipelineFact> WatchFactsAsync(CancellationToken cancellationToken);
}
