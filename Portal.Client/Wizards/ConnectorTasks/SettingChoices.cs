using Portal.Client.Contracts;

namespace Portal.Client.Wizards.ConnectorTasks;

/// <summary>What a task's settings can be chosen from: the connections, the Kafka instances and, once one is chosen, its topics.</summary>
public sealed class SettingChoices(IConnectionService connections, IClusterService clusters)
{
    private const int PageSize = 100;

    /// <summary>The connections, by name.</summary>
    public IReadOnlyList<ConnectionView> Connections { get; private set; } = [];

    /// <summary>The Kafka instances, by name.</summary>
    public IReadOnlyList<KafkaInstanceView> KafkaInstances { get; private set; } = [];

    /// <summary>The topics of the chosen instance; empty until they are known.</summary>
    public IReadOnlyList<KafkaTopicView> Topics { get; private set; } = [];

    /// <summary>How many partitions each of <see cref="Topics"/> has.</summary>
    public IReadOnlyDictionary<string, int> Partitions { get; private set; } = new Dictionary<string, int>();

    /// <summary>Why the topics are not known, or null.</summary>
    public string? TopicsCause { get; private set; }

    /// <summary>The instance that <see cref="Topics"/> belong to, or null.</summary>
    public string? TopicsOf { get; private set; }

    /// <summary>Reads connections and instances.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var found = new List<ConnectionView>();
        ListPage<ConnectionView> page;
        do
        {
            var query = new ListQuery { Sort = "name", Size = PageSize, Page = (found.Count / PageSize) + 1 };
            page = await connections.ListAsync(query, cancellationToken);
            found.AddRange(page.Items);
        }
        while (page.Items.Count == PageSize && found.Count < page.Total);

        Connections = found;
        KafkaInstances = await clusters.KafkaInstancesAsync(null, cancellationToken);
    }

    /// <summary>Asks the chosen instance for its topics, unless they are known; returns whether anything changed.</summary>
    public async Task<bool> LoadTopicsAsync(string kafkaInstanceId, CancellationToken cancellationToken)
    {
        if (TopicsOf == kafkaInstanceId || kafkaInstanceId.Length == 0)
        {
            return false;
        }

        (TopicsOf, Topics, TopicsCause) = (kafkaInstanceId, [], null);
        var (topics, cause) = await clusters.TopicsAsync(kafkaInstanceId, cancellationToken);
        if (TopicsOf == kafkaInstanceId)
        {
            (Topics, TopicsCause) = (topics, cause);
            Partitions = topics.ToDictionary(topic => topic.Name, topic => topic.Partitions);
        }

        return true;
    }

    /// <summary>The connection of a draft, or null while none is chosen.</summary>
    public ConnectionView? ConnectionOf(ConnectorTaskDraft draft) =>
        Connections.FirstOrDefault(connection => connection.Id == draft.ConnectionId);

    /// <summary>The Kafka instance of a draft, or null while none is chosen.</summary>
    public KafkaInstanceView? KafkaOf(ConnectorTaskDraft draft) =>
        KafkaInstances.FirstOrDefault(instance => instance.Id == draft.KafkaInstanceId);

    /// <summary>The names for a draft's ids; what is not known stands as its id.</summary>
    public SettingNames NamesOf(ConnectorTaskDraft draft) =>
        new(ConnectionOf(draft)?.Name ?? draft.ConnectionId, KafkaOf(draft)?.Name ?? draft.KafkaInstanceId);

    /// <summary>Whether both ends are chosen and lie in different regions.</summary>
    public bool CrossesRegions(ConnectorTaskDraft draft) =>
        ConnectionOf(draft) is { } connection && KafkaOf(draft) is { } kafka && connection.Region != kafka.Region;

    /// <summary>What should be known before the task is created, each in a sentence; the promise of delivery is told apart.</summary>
    public IReadOnlyList<string> WarningsFor(ConnectorTaskDraft draft)
    {
        var warnings = new List<string>(TopicFilter.OverlapWarnings(draft.Topics));
        if (CrossesRegions(draft))
        {
            var (from, to) = (ConnectionOf(draft)!.Region, KafkaOf(draft)!.Region);
            warnings.Add($"The connection is in region {from}, the Kafka instance in region {to}: messages cross regions.");
        }

        if (KafkaOf(draft) is { IsEmbedded: true })
        {
            warnings.Add("This Kafka instance is the sandbox's: in this server's memory, it keeps little and forgets everything on exit.");
        }

        if (ConnectionOf(draft) is { Status: ConnectionStatus.Abnormal, Cause: var cause })
        {
            warnings.Add($"The connection failed its last check{(cause is null ? "" : $": {cause}")}");
        }

        if (ConnectionOf(draft) is { Status: ConnectionStatus.Outdated, Cause: { } outdated })
        {
            warnings.Add($"The connection is not checked: {outdated}");
        }

        return warnings;
    }
}
