using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Operations in memory. Lists what it is given, remembers what it is asked, answers what the test says.</summary>
internal sealed class FakeOperationService : IOperationService
{
    public List<OperationView> Operations { get; } = [];

    /// <summary>Each command, for example <c>retry op-a</c>, oldest first.</summary>
    public List<string> Commands { get; } = [];

    public CommandResult Answer { get; set; } = CommandResult.Accepted();

    public Task<IReadOnlyList<OperationView>> ListAsync(int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<OperationView>>([.. Operations.Take(count)]);

    public Task<OperationView?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(Operations.Find(operation => operation.Id == id));

    public Task<CommandResult> PauseAsync(string id, CancellationToken cancellationToken) => Done($"pause {id}");

    public Task<CommandResult> ContinueAsync(string id, CancellationToken cancellationToken) => Done($"continue {id}");

    public Task<CommandResult> RetryAsync(string id, CancellationToken cancellationToken) => Done($"retry {id}");

    public Task<CommandResult> CancelAsync(string id, CancellationToken cancellationToken) => Done($"cancel {id}");

    private Task<CommandResult> Done(string command)
    {
        Commands.Add(command);
        return Task.FromResult(Answer);
    }
}
