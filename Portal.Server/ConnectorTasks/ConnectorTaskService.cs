using Portal.Client.Contracts;
using Portal.Server.ConnectorTasks.Checks;
using Portal.Server.ConnectorTasks.Commands;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.Live;

namespace Portal.Server.ConnectorTasks;

/// <summary>What pages and REST ask of connector tasks. Reading is open to everybody who is signed in; changes pass the gate.</summary>
internal sealed class ConnectorTaskService(
    TaskList list,
    ConnectorTaskValidator validator,
    TaskSettingsCommands settings,
    TaskStateCommands states,
    TaskEventLog events,
    RateHistory rates,
    KafkaPreflight preflight)
    : IConnectorTaskService
{
    public Task<ListPage<ConnectorTaskView>> ListAsync(ListQuery query, CancellationToken cancellationToken) => list.ReadAsync(query, cancellationToken);

    public Task<ConnectorTaskView?> FindAsync(string id, CancellationToken cancellationToken) => list.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<FieldError>> CheckAsync(string? id, ConnectorTaskDraft draft, CancellationToken cancellationToken) =>
        validator.CheckAsync(id, draft, cancellationToken);

    public IAsyncEnumerable<ValidationReport> PreflightAsync(string? id, ConnectorTaskDraft draft, CancellationToken cancellationToken) =>
        preflight.RunAsync(id, draft, cancellationToken);

    public Task<CommandResult> CreateAsync(ConnectorTaskDraft draft, bool paused, CancellationToken cancellationToken) =>
        settings.CreateAsync(draft, paused, cancellationToken);

    public Task<CommandResult> UpdateAsync(string id, long revision, ConnectorTaskDraft draft, CancellationToken cancellationToken) =>
        settings.UpdateAsync(id, revision, draft, cancellationToken);

    public Task<CommandResult> DeleteAsync(string id, long revision, bool forgetSessions, CancellationToken cancellationToken) =>
        settings.DeleteAsync(id, revision, forgetSessions, cancellationToken);

    public Task<CommandResult> PauseAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) => states.PauseAsync(ids, cancellationToken);

    public Task<CommandResult> ResumeAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) => states.ResumeAsync(ids, cancellationToken);

    public Task<CommandResult> RestartAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) => states.RestartAsync(ids, cancellationToken);

    public Task<CommandResult> DisconnectClientAsync(string id, string clientId, CancellationToken cancellationToken) =>
        states.DisconnectClientAsync(id, clientId, cancellationToken);

    public Task<CommandResult> DeleteSessionAsync(string id, string clientId, CancellationToken cancellationToken) =>
        states.DeleteSessionAsync(id, clientId, cancellationToken);

    public Task<IReadOnlyList<TaskEvent>> EventsAsync(string id, long? before, int count, CancellationToken cancellationToken) =>
        events.ReadAsync(id, before, count, cancellationToken);

    public Task<IReadOnlyList<RatePoint>> RatesAsync(string id, CancellationToken cancellationToken) => Task.FromResult(rates.Of(id));
}
