using System.Globalization;
using Confluent.Kafka;
using Portal.Engine.Sinks.Topics;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Kafka;

/// <summary>What a task needs of the cluster: rights, topics, replication, record size.</summary>
internal sealed class KafkaNeeds(KafkaSpec kafka, KafkaProbeTarget target, KafkaCluster cluster)
{
    private const string NoFixedTopic = "No topic is named beforehand; each is checked when it is first written to.";
    private readonly string _principal = kafka.UserName is { Length: > 0 } user ? $"User:{user}" : "This client";
    private readonly string[] _names = [.. target.Topics.Distinct()];
    private IReadOnlyList<KafkaTopicFacts> _topics = [];
    private IReadOnlyDictionary<string, Error> _uncreatable = new Dictionary<string, Error>();

    private IEnumerable<KafkaTopicFacts> Existing => _topics.Where(topic => topic.Exists);

    /// <summary>Whether topics will be made by the cluster's settings for new ones.</summary>
    private bool MakesTopics => target.AutoCreate is not null && (_names.Length == 0 || _topics.Any(topic => topic.IsMissing));

    public async Task<StageOutcome> CheckRightsAsync(CancellationToken cancellationToken)
    {
        _topics = await cluster.TopicsAsync(_names, cancellationToken);
        var refused = _topics.Where(topic => topic.Error == ErrorCode.TopicAuthorizationFailed || topic.MayWrite == false).Select(topic => topic.Name).ToArray();
        if (refused.Length > 0)
        {
            return StageOutcome.Failed(
                "not-authorised",
                $"{_principal} may not write to {string.Join(", ", refused)} (TOPIC_AUTHORIZATION_FAILED).",
                $"Allow {_principal} WRITE on {(refused.Length == 1 ? "this topic" : "these topics")}.");
        }

        if (Existing.Any(topic => topic.MayWrite is null) || (MakesTopics && cluster.MayCreate is null))
        {
            return StageOutcome.Warning(
                "not-offered", "What this client may do is not offered here.", "If writing is refused later, look at the rights that the cluster gives.");
        }

        if (MakesTopics && cluster.MayCreate == false)
        {
            return StageOutcome.Warning(
                "may-not-create",
                $"{_principal} may not create topics in general; a right for names with a certain prefix cannot be seen from here.",
                $"Allow {_principal} CREATE on the cluster or on the topics, or create them by hand.");
        }

        string[] rights =
        [
            .. Existing.Any() ? [$"write to {string.Join(", ", Existing.Select(topic => topic.Name))}"] : Array.Empty<string>(),
            .. MakesTopics ? ["create topics"] : Array.Empty<string>(),
        ];
        return rights.Length == 0 ? StageOutcome.Skipped(NoFixedTopic) : StageOutcome.Passed($"{_principal} may {string.Join(" and ", rights)}.");
    }

    public async Task<StageOutcome> CheckTopicsAsync(CancellationToken cancellationToken)
    {
        if (target.AutoCreate is { } creation)
        {
            _uncreatable = await cluster.TryCreateAsync(_topics.Where(topic => topic.IsMissing).Select(topic => topic.Name), creation, cancellationToken);
        }

        return CheckTopics();
    }

    public async Task<StageOutcome> CheckReplicationAsync(CancellationToken cancellationToken)
    {
        var findings = new KafkaFindings();
        foreach (var topic in Existing)
        {
            findings.AddReplication(topic, Number(await cluster.TopicSettingsAsync(topic.Name, cancellationToken), "min.insync.replicas"));
        }

        if (target.AutoCreate is { } creation && MakesTopics)
        {
            var usual = Number(await cluster.BrokerSettingsAsync(cancellationToken), "default.replication.factor");
            var least = Number(await cluster.BrokerSettingsAsync(cancellationToken), "min.insync.replicas");
            findings.AddCreation(creation.Replicas > 0 ? creation.Replicas : usual, least, cluster.Brokers.Count);
        }

        return findings.Verdict();
    }

    public async Task<StageOutcome> CheckSizeAsync(CancellationToken cancellationToken)
    {
        var findings = new KafkaFindings();
        foreach (var topic in Existing)
        {
            findings.AddSize(topic.Name, Number(await cluster.TopicSettingsAsync(topic.Name, cancellationToken), "max.message.bytes"), target.MaxMessageBytes);
        }

        if (MakesTopics)
        {
            findings.AddSize("New topics", Number(await cluster.BrokerSettingsAsync(cancellationToken), "message.max.bytes"), target.MaxMessageBytes);
        }

        if (target.Source is { } source)
        {
            findings.AddSource(source.MaximumPacketSize, target.MaxMessageBytes);
        }

        return findings.Verdict();
    }

    private StageOutcome CheckTopics()
    {
        if (_names.Length == 0)
        {
            return StageOutcome.Skipped(NoFixedTopic);
        }

        var text = string.Join('\n', _topics.Select(Describe));
        return target.AutoCreate is { } asked && _uncreatable.Count > 0
            ? StageOutcome.Failed("cannot-create", text, AdminTopicCreator.Advice(asked, _uncreatable.Values.First().Code))
            : target.AutoCreate is null && _topics.Any(topic => topic.IsMissing)
            ? StageOutcome.Failed("topic-missing", text, "Create the topic, or let this task create what is missing.")
            : _topics.Any(topic => topic is { Exists: false, IsMissing: false }) ? new StageOutcome(ProbeState.Skipped, text)
            : _topics.Any(topic => topic.Leaderless > 0) ? StageOutcome.Warning("no-leader", text, "Bring the brokers back that hold the partitions without a leader: until then nothing can be written there.")
            : StageOutcome.Passed(text);
    }

    private string Describe(KafkaTopicFacts topic) => topic.Error switch
    {
        ErrorCode.NoError => $"{topic.Name} has {KafkaFindings.Count(topic.Partitions, "partition")}{(topic.Leaderless > 0 ? $", {topic.Leaderless} of them without a leader" : "")}.",
        ErrorCode.UnknownTopicOrPart when _uncreatable.TryGetValue(topic.Name, out var error) =>
            $"{topic.Name} does not exist, and Kafka would not create it: {error.Reason.TrimEnd('.')}.",
        ErrorCode.UnknownTopicOrPart when target.AutoCreate is { } creation =>
            $"{topic.Name} does not exist and will be created with {KafkaFindings.Count(creation.Partitions, "partition")} at the first record.",
        ErrorCode.UnknownTopicOrPart => $"{topic.Name} does not exist, and creating it is switched off.",
        _ => $"{topic.Name} cannot be described: {new Error(topic.Error).Reason}.",
    };

    private static int? Number(IReadOnlyDictionary<string, string>? settings, string name) =>
        settings is not null && settings.TryGetValue(name, out var text)
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
