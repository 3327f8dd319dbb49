using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Drafts in memory, of one person.</summary>
internal sealed class FakeDraftService : IDraftService
{
    private int _ids;

    public Dictionary<string, (DraftKind Kind, object Content, string Step)> Kept { get; } = [];

    /// <summary>When set, nothing can be saved or deleted, and this is why.</summary>
    public string? Trouble { get; set; }

    public string NewId() => $"draft-{++_ids:D8}";

    public Task<string> IdOfEditAsync(string objectId) => Task.FromResult($"draft-of-{objectId}");

    /// <summary>Saves as a wizard of another day did.</summary>
    public string Keep(object content, string step = "basics")
    {
        var id = NewId();
        Kept[id] = (KindOf(content), content, step);
        return id;
    }

    public Task<IReadOnlyList<DraftSummary>> ListAsync(DraftKind kind, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DraftSummary>>([.. Kept.Where(draft => draft.Value.Kind == kind).Select(draft => Summary(draft.Key))]);

    public Task<KeptDraft<T>?> FindAsync<T>(string id, CancellationToken cancellationToken)
        where T : class =>
        Task.FromResult(Kept.TryGetValue(id, out var draft) && draft.Content is T content ? new KeptDraft<T>(Summary(id), content) : null);

    public Task<CommandResult> SaveAsync<T>(string id, T content, string step, CancellationToken cancellationToken)
        where T : class
    {
        if (Trouble is not null)
        {
            return Task.FromResult(CommandResult.Not(CommandOutcome.Refused, Trouble));
        }

        Kept[id] = (KindOf(content), content, step);
        return Task.FromResult(CommandResult.Accepted(id));
    }

    public Task<CommandResult> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (Trouble is not null)
        {
            return Task.FromResult(CommandResult.Not(CommandOutcome.Refused, Trouble));
        }

        Kept.Remove(id);
        return Task.FromResult(CommandResult.Accepted(id));
    }

    private static DraftKind KindOf(object content) => content switch
    {
        ConnectorTaskDraft => DraftKind.ConnectorTask,
        ConnectionDraft => DraftKind.Connection,
        MqttClusterDraft => DraftKind.MqttCluster,
        KafkaInstanceDraft => DraftKind.KafkaInstance,
        EditDraft<ConnectorTaskDraft> => DraftKind.ConnectorTaskEdit,
        EditDraft<ConnectionDraft> => DraftKind.ConnectionEdit,
        EditDraft<MqttClusterDraft> => DraftKind.MqttClusterEdit,
        _ => DraftKind.KafkaInstanceEdit,
    };

    private DraftSummary Summary(string id)
    {
        var (kind, content, step) = Kept[id];
        var title = content switch
        {
            ConnectorTaskDraft task => task.Name,
            ConnectionDraft connection => connection.Name,
            MqttClusterDraft cluster => cluster.Name,
            KafkaInstanceDraft instance => instance.Name,
            _ => "",
        };
        return new DraftSummary(id, kind, title, step, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(30));
    }
}
