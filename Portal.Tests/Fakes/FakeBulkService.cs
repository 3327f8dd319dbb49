using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Says what it is told to about any selection, and remembers what it is asked.</summary>
internal sealed class FakeBulkService : IBulkService
{
    /// <summary>Each order, for example <c>Pause tasks task-a,task-b</c> or <c>Pause tasks q=line</c>, oldest first.</summary>
    public List<string> Commands { get; } = [];

    public BulkReview Review { get; set; } = new(2, ["first", "second"], []);

    public CommandResult Answer { get; set; } = CommandResult.Accepted(operationId: "op-a");

    public Task<BulkReview> ReviewTasksAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) => Task.FromResult(Review);

    public Task<CommandResult> RunTasksAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        Done($"{action} tasks {Words(selection)}");

    public Task<BulkReview> ReviewConnectionsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) => Task.FromResult(Review);

    public Task<CommandResult> RunConnectionsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        Done($"{action} connections {Words(selection)}");

    private static string Words(BulkSelection selection) =>
        selection.Query is { } query ? $"q={query.Search} status={string.Join(',', query.Status)}" : string.Join(',', selection.Ids!);

    private Task<CommandResult> Done(string command)
    {
        Commands.Add(command);
        return Task.FromResult(Answer);
    }
}
