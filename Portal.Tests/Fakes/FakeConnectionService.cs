using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Connections in memory. Lists what it is given, remembers what it is asked, answers what the test says.</summary>
internal sealed class FakeConnectionService : IConnectionService
{
    private readonly Channel<ValidationReport> _validation = Channel.CreateUnbounded<ValidationReport>();

    public List<ConnectionView> Connections { get; } = [];

    public List<DependentTask> Dependents { get; } = [];

    /// <summary>Each query of the list, oldest first.</summary>
    public List<ListQuery> Queries { get; } = [];

    /// <summary>Each command, for example <c>update resource-a restarting</c>, oldest first.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>What the last create or update carried.</summary>
    public ConnectionDraft? Saved { get; private set; }

    /// <summary>What creating waits for: a broker that is asked once more.</summary>
    public Task Broker { get; set; } = Task.CompletedTask;

    public CommandResult Answer { get; set; } = CommandResult.Accepted();

    /// <summary>What is wrong with a draft.</summary>
    public Func<ConnectionDraft, IReadOnlyList<FieldError>> Check { get; set; } = _ => [];

    /// <summary>While set, lists and single connections wait for it, or fail with it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How many validations and tests were begun.</summary>
    public int Validations { get; private set; }

    public void Report(ValidationReport report) => _validation.Writer.TryWrite(report);

    public async Task<ListPage<ConnectionView>> ListAsync(ListQuery query, CancellationToken cancellationToken)
    {
        Queries.Add(query);
        await Gate.WaitAsync(cancellationToken);
        var found = Connections.Where(one => query.Search is null || one.Name.Contains(query.Search, StringComparison.OrdinalIgnoreCase)).ToList();
        var counts = found.GroupBy(one => one.Status.ToString()).ToDictionary(group => group.Key, group => group.Count());
        var rows = found.Where(one => query.Status.Count == 0 || query.Status.Contains(one.Status.ToString())).ToList();
        return new([.. rows.Skip((query.Page - 1) * query.Size).Take(query.Size)], rows.Count, counts);
    }

    public async Task<ConnectionView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        return Connections.Find(one => one.Id == id);
    }

    public Task<IReadOnlyList<ConnectionView>> OfClusterAsync(string mqttClusterId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ConnectionView>>([.. Connections.Where(one => one.MqttClusterId == mqttClusterId)]);

    public Task<IReadOnlyList<FieldError>> CheckAsync(string? id, ConnectionDraft draft, CancellationToken cancellationToken) =>
        Task.FromResult(Check(draft));

    public IAsyncEnumerable<ValidationReport> ValidateAsync(string? id, ConnectionDraft draft, CancellationToken cancellationToken) =>
        ReportsAsync(cancellationToken);

    public IAsyncEnumerable<ValidationReport> TestAsync(string id, CancellationToken cancellationToken) => ReportsAsync(cancellationToken);

    public async Task<CommandResult> CreateAsync(ConnectionDraft draft, CancellationToken cancellationToken)
    {
        Saved = draft;
        await Broker;
        return await Done("create");
    }

    public Task<CommandResult> UpdateAsync(
        string id, long revision, ConnectionDraft draft, bool restartTasks, bool skipValidation, CancellationToken cancellationToken)
    {
        Saved = draft;
        return Done($"update {id}{(restartTasks ? " restarting" : "")}{(skipValidation ? " unchecked" : "")}");
    }

    public Task<CommandResult> DeleteAsync(string id, long revision, CancellationToken cancellationToken) => Done($"delete {id}");

    public Task<IReadOnlyList<DependentTask>> DependentTasksAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DependentTask>>([.. Dependents]);

    private async IAsyncEnumerable<ValidationReport> ReportsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Validations++;
        var finished = false;
        while (!finished)
        {
            var report = await _validation.Reader.ReadAsync(cancellationToken);
            finished = report.Finished;
            yield return report;
        }
    }

    private Task<CommandResult> Done(string command)
    {
        Commands.Add(command);
        return Task.FromResult(Answer);
    }
}
