using Portal.Client.Contracts;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Operations;

/// <summary>One object that an operation shall do something with.</summary>
internal readonly record struct OperationTarget(string Id, string Name);

/// <summary>Stores an operation and hands it to the runner.</summary>
internal sealed class OperationStart(OperationStore store, RunOperations runner, TimeProvider time)
{
    /// <param name="kind">What to do with each target.</param>
    /// <param name="title">What people read.</param>
    /// <param name="targets">In order.</param>
    /// <param name="actor">In whose name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="arguments">What else there is to know about what to do, as JSON.</param>
    /// <param name="subjectId">The id of what was changed so that it has to begin, or null.</param>
    /// <returns>The id of the operation, or null when there is nothing to do.</returns>
    public async Task<string?> RunAsync(
        OperationKind kind, string title, IReadOnlyList<OperationTarget> targets, Actor actor, CancellationToken cancellationToken, string? arguments = null, string? subjectId = null)
    {
        if (targets.Count == 0)
        {
            return null;
        }

        var row = new OperationRow
        {
            Id = Ids.New(Ids.Operation),
            Kind = kind,
            Title = title,
            Arguments = arguments,
            SubjectId = subjectId,
            State = OperationState.Waiting,
            StartedBy = actor.Name,
            StartedById = actor.UserId,
            StartedAt = time.GetUtcNow(),
            Items = [.. targets.Select((target, position) => new OperationItemRow { Position = position, TargetId = target.Id, TargetName = target.Name })],
        };
        await store.AddAsync(row, cancellationToken);
        runner.Begin(row.Id);
        return row.Id;
    }
}
