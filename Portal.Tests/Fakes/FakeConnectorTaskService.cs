using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Tasks in memory. Lists what it is given, remembers what it is asked, answers what the test says.</summary>
internal sealed class FakeConnectorTaskService : IConnectorTaskService, ITaskRecovery, IOwedSessions
{
    private readonly Channel<ValidationReport> _preflight = Channel.CreateUnbounded<ValidationReport>();

    public List<ConnectorTaskView> Tasks { get; } = [];

    public List<TaskEvent> Events { get; } = [];

    public List<RatePoint> Rates { get; } = [];

    /// <summary>Each query of the list, oldest first.</summary>
    public List<ListQuery> Queries { get; } = [];

    /// <summary>Each command, for example <c>pause task-a,task-b</c>, oldest first.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>What the last create or update carried.</summary>
    public ConnectorTaskDraft? Saved { get; private set; }

    public CommandResult Answer { get; set; } = CommandResult.Accepted();

    /// <summary>What is wrong with a draft.</summary>
    public Func<ConnectorTaskDraft, IReadOnlyList<FieldError>> Check { get; set; } = _ => [];

    /// <summary>While set, the list and the single task wait for it, or fail with it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>While set, a check waits for it.</summary>
    public Task CheckGate { get; set; } = Task.CompletedTask;

    /// <summary>How many preflights were begun.</summary>
    public int Preflights { get; private set; }

    public void Report(ValidationReport report) => _preflight.Writer.TryWrite(report);

    public async Task<ListPage<ConnectorTaskView>> ListAsync(ListQuery query, CancellationToken cancellationToken)
    {
        Queries.Add(query);
        await Gate.WaitAsync(cancellationToken);
        var found = Tasks.Where(task => query.Search is null || task.Settings.Name.Contains(query.Search, StringComparison.OrdinalIgnoreCase)).ToList();
        var counts = found.GroupBy(task => task.Live.Status.ToString()).ToDictionary(group => group.Key, group => group.Count());
        var rows = found.Where(task => query.Status.Count == 0 || query.Status.Contains(task.Live.Status.ToString())).ToList();
        return new([.. rows.Skip((query.Page - 1) * query.Size).Take(query.Size)], rows.Count, counts);
    }

    public async Task<ConnectorTaskView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        return Tasks.Find(task => task.Id == id);
    }

    public async Task<IReadOnlyList<FieldError>> CheckAsync(string? id, ConnectorTaskDraft draft, CancellationToken cancellationToken)
    {
        await CheckGate.WaitAsync(cancellationToken);
        return Check(draft);
    }

    public async IAsyncEnumerable<ValidationReport> PreflightAsync(
        string? id, ConnectorTaskDraft draft, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Preflights++;
        var finished = false;
        while (!finished)
        {
            var report = await _preflight.Reader.ReadAsync(cancellationToken);
            finished = report.Finished;
            yield return report;
        }
    }

    public Task<CommandResult> CreateAsync(ConnectorTaskDraft draft, bool paused, CancellationToken cancellationToken)
    {
        Saved = draft;
        return Done(paused ? "create paused" : "create");
    }

    public Task<CommandResult> UpdateAsync(string id, long revision, ConnectorTaskDraft draft, CancellationToken cancellationToken)
    {
        Saved = draft;
        return Done($"update {id} {revision}");
    }

    public Task<CommandResult> PauseAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        Done($"pause {string.Join(',', ids)}");

    public Task<CommandResult> ResumeAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        Done($"resume {string.Join(',', ids)}");

    public Task<CommandResult> RestartAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        Done($"restart {string.Join(',', ids)}");

    public Task<CommandResult> DeleteAsync(string id, long revision, bool forgetSessions, CancellationToken cancellationToken) =>
        Done(forgetSessions ? $"delete {id} {revision} forgetting" : $"delete {id} {revision}");

    public Task<CommandResult> DisconnectClientAsync(string id, string clientId, CancellationToken cancellationToken) =>
        Done($"disconnect {id} {clientId}");

    public Task<CommandResult> DeleteSessionAsync(string id, string clientId, CancellationToken cancellationToken) =>
        Done($"delete-session {id} {clientId}");

    /// <summary>What the tasks owe.</summary>
    public List<OwedSessionView> Owed { get; } = [];

    Task<IReadOnlyList<OwedSessionView>> IOwedSessions.ListAsync(string taskId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<OwedSessionView>>([.. Owed]);

    public Task<CommandResult> RetryAsync(string taskId, CancellationToken cancellationToken) => Done($"retry-owed {taskId}");

    public Task<CommandResult> ForgetAsync(string taskId, long id, CancellationToken cancellationToken) => Done($"forget-owed {taskId} {id}");

    public Task<CommandResult> TryNowAsync(string id, CancellationToken cancellationToken) => Done($"try-now {id}");

    public Task<CommandResult> StopTryingAsync(string id, CancellationToken cancellationToken) => Done($"stop-trying {id}");

    public Task<IReadOnlyList<TaskEvent>> EventsAsync(string id, long? before, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TaskEvent>>(
            [.. Events.Where(item => before is null || item.Id < before).OrderByDescending(item => item.Id).Take(count)]);

    public Task<IReadOnlyList<RatePoint>> RatesAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RatePoint>>([.. Rates]);

    private Task<CommandResult> Done(string command)
    {
        Commands.Add(command);
        return Task.FromResult(Answer);
    }
}
