using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Says what it is told to about any selection, and remembers what it is asked.</summary>
internal sealed class FakeBulkService : IBulkService
{
    /// <summary>Each order, for example <c>Pause tasks task-a,task-b</c>, oldest first.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>What each review was asked about, for example <c>q=line status=Running</c>, oldest first.</summary>
    public List<string> Reviewed { get; } = [];

    /// <summary>What every review says; null for all that was selected by id.</summary>
    public BulkReview? Review { get; set; }

    public CommandResult Answer { get; set; } = CommandResult.Accepted(operationId: "op-a");

    public Task<BulkReview> ReviewTasksAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) => Answered(selection);

    public Task<CommandResult> RunTasksAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        Done($"{action} tasks {Words(selection)}");

    public Task<BulkReview> ReviewConnectionsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) => Answered(selection);

    public Task<CommandResult> RunConnectionsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        Done($"{action} connections {Words(selection)}");

    public Task<BulkReview> ReviewClientsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) => Answered(selection);

    public Task<CommandResult> RunClientsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        Done($"{action} clients {Words(selection)}");

    private Task<BulkReview> Answered(BulkSelection selection)
    {
        Reviewed.Add(Words(selection));
        return Task.FromResult(Review ?? new(selection.Ids ?? [], selection.Ids ?? [], []));
    }

    private static string Words(BulkSelection selection) =>
        selection.Query is { } query ? $"q={query.Search} status={string.Join(',', query.Status)}{(query.TaskId is { } task ? $" task={task}" : "")}" : string.Join(',', selection.Ids!);

    private Task<CommandResult> Done(string command)
    {
        Commands.Add(command);
        return Task.FromResult(Answer);
    }
}
