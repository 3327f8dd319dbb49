using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Operations in memory. Lists what it is given, remembers what it is asked, answers what the test says.</summary>
internal sealed class FakeOperationService : IOperationService
{
    public List<OperationView> Operations { get; } = [];

    /// <summary>Each command, for example <c>retry op-a</c>, oldest first.</summary>
    public List<string> Commands { get; } = [];

    public CommandResult Answer { get; set; } = CommandResult.Accepted();

    /// <summary>Given, the list cannot be read.</summary>
    public Exception? Failure { get; set; }

    public Task<ListPage<OperationView>> ListAsync(ListQuery query, CancellationToken cancellationToken) => Failure is { } failure
        ? Task.FromException<ListPage<OperationView>>(failure)
        : Task.FromResult(new ListPage<OperationView>(
            [.. Operations.OrderByDescending(operation => operation.StartedAt).Skip((query.Page - 1) * query.Size).Take(query.Size)], Operations.Count, new Dictionary<string, int>()));

    public Task<OperationView?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(Operations.Find(operation => operation.Id == id));

    public Task<CommandResult> PauseAsync(string id, CancellationToken cancellationToken) => Done($"pause {id}");

    public Task<CommandResult> ContinueAsync(string id, CancellationToken cancellationToken) => Done($"continue {id}");

    public Task<CommandResult> RetryAsync(string id, CancellationToken cancellationToken) => Done($"retry {id}");

    public Task<CommandResult> RetryCancelledAsync(string id, CancellationToken cancellationToken) => Done($"retry cancelled {id}");

    public Task<CommandResult> CancelAsync(string id, CancellationToken cancellationToken) => Done($"cancel {id}");

    private Task<CommandResult> Done(string command)
    {
        Commands.Add(command);
        return Task.FromResult(Answer);
    }
}
