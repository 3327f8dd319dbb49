using System.Globalization;
using Confluent.Kafka;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Kafka;

/// <summary>What a task needs of the cluster: rights, topics, replication, record size.</summary>
internal sealed class KafkaNeeds(KafkaSpec kafka, KafkaProbeTarget target, KafkaCluster cluster)
{
    private const string NoFixedTopic = "No topic is named beforehand; each is checked when it is first written to.";
    private readonly string _principal = kafka.UserName is { Length: > 0 } user ? $"User:{user}" : "this client";
    private readonly string[] _names = [.. target.Topics.Distinct()];
    private IReadOnlyList<KafkaTopicFacts> _topics = [];

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

    public Task<StageOutcome> CheckTopicsAsync(CancellationToken cancellationToken) => Task.FromResult(CheckTopics());

    public async Task<StageOutcome> CheckReplicationAsync(CancellationToken cancellationToken)
    {
        var findings = new Findings();
        foreach (var topic in Existing)
        {
            var settings = await cluster.TopicSettingsAsync(topic.Name, cancellationToken);
            CheckReplication(topic, Number(settings, "min.insync.replicas"), findings);
        }

        if (target.AutoCreate is { } creation && MakesTopics)
        {
            var settings = await cluster.BrokerSettingsAsync(cancellationToken);
            CheckCreation(creation, settings, findings);
        }

        return findings.Verdict("Nothing to check yet.");
    }

    public async Task<StageOutcome> CheckSizeAsync(CancellationToken cancellationToken)
    {
        var findings = new Findings();
        foreach (var topic in Existing)
        {
            CheckSize(topic.Name, Number(await cluster.TopicSettingsAsync(topic.Name, cancellationToken), "max.message.bytes"), findings);
        }

        if (MakesTopics)
        {
            CheckSize("New topics", Number(await cluster.BrokerSettingsAsync(cancellationToken), "message.max.bytes"), findings);
        }

        return findings.Verdict("Nothing to check yet.");
    }

    private StageOutcome CheckTopics()
    {
        if (_names.Length == 0)
        {
            return StageOutcome.Skipped(NoFixedTopic);
        }

        var text = string.Join('\n', _topics.Select(Describe));
        return target.AutoCreate is null && _topics.Any(topic => topic.IsMissing)
            ? StageOutcome.Failed("topic-missing", text, "Create the topic, or let this task create what is missing.")
            : _topics.Any(topic => topic.Leaderless > 0) ? StageOutcome.Warning("no-leader", text, "Bring the brokers back that hold the partitions without a leader: until then nothing can be written there.")
            : StageOutcome.Passed(text);
    }

    private string Describe(KafkaTopicFacts topic) => topic.Error switch
    {
        ErrorCode.NoError => $"{topic.Name} has {Count(topic.Partitions, "partition")}{(topic.Leaderless > 0 ? $", {topic.Leaderless} of them without a leader" : "")}.",
        ErrorCode.UnknownTopicOrPart when target.AutoCreate is { } creation =>
            $"{topic.Name} does not exist and will be created with {Count(creation.Partitions, "partition")} at the first record.",
        ErrorCode.UnknownTopicOrPart => $"{topic.Name} does not exist, and creating it is switched off.",
        _ => $"{topic.Name} cannot be described: {new Error(topic.Error).Reason}.",
    };

    private static void CheckReplication(KafkaTopicFacts topic, int? minimum, Findings findings)
    {
        var (replicas, inSync) = (topic.Replicas, topic.InSync);
        var what = $"{topic.Name} has {Count(replicas, "replica")}";
        if (minimum is not { } least)
        {
            findings.Warn("not-offered", $"{what}; how many of them must confirm a record is not offered here.", null);
        }
        else if (least > replicas)
        {
            findings.Warn(
                "min-isr",
                $"{what}, and min.insync.replicas asks for {least}. Kafka before 4.0 then refuses every record (NOT_ENOUGH_REPLICAS).",
                "Give the topic more replicas, or lower min.insync.replicas.");
        }
        else if (inSync < least)
        {
            findings.Warn(
                "not-in-sync",
                $"{what}, of which only {inSync} are in sync where min.insync.replicas asks for {least}: records are refused until more are.",
                "Bring the missing brokers back.");
        }
        else if (replicas == 1)
        {
            findings.Warn("one-replica", $"{what}: when that broker's disk is lost, so are confirmed records.", "Give the topic at least 2 replicas where it matters.");
        }
        else if (least == 1)
        {
            findings.Warn(
                "min-isr-one",
                $"{what}, and one of them is enough to confirm a record (min.insync.replicas is 1): it may be lost with its leader.",
                "Set min.insync.replicas to 2 where it matters.");
        }
        else
        {
            findings.Pass($"{what}, {least} of which must confirm a record.");
        }
    }

    private void CheckCreation(TopicCreation creation, IReadOnlyDictionary<string, string>? settings, Findings findings)
    {
        var brokers = cluster.Brokers.Count;
        var replicas = creation.Replicas > 0 ? creation.Replicas : Number(settings, "default.replication.factor");
        if (replicas > brokers)
        {
            findings.Fail(
                "too-few-brokers", $"New topics would need {Count(replicas.Value, "replica")}, but the cluster has {Count(brokers, "broker")}.", "Ask for fewer replicas.");
        }
        else if (replicas is not { } known)
        {
            findings.Warn("not-offered", "How many replicas a new topic gets is not offered here.", null);
        }
        else if (known == 1)
        {
            findings.Warn("one-replica", "New topics get 1 replica: when that broker's disk is lost, so are confirmed records.", "Ask for at least 2 replicas where it matters.");
        }
        else
        {
            findings.Pass($"New topics get {Count(known, "replica")}.");
        }
    }

    private void CheckSize(string what, int? most, Findings findings)
    {
        if (most is not { } known)
        {
            findings.Warn("not-offered", $"{what}: the largest record is not offered here.", null);
        }
        else if (known < target.MaxMessageBytes)
        {
            findings.Warn(
                "too-small",
                $"{what}: at most {known} bytes a record, and the task may send up to {target.MaxMessageBytes}. Larger records are refused and handled as failures.",
                "Raise max.message.bytes of the topic (message.max.bytes of the brokers for new ones), or lower the task's limit.");
        }
        else
        {
            findings.Pass($"{what}: up to {known} bytes a record.");
        }
    }

    private static int? Number(IReadOnlyDictionary<string, string>? settings, string name) =>
        settings is not null && settings.TryGetValue(name, out var text)
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    /// <summary>Lines about several topics and the worst verdict among them.</summary>
    private sealed class Findings
    {
        private readonly List<string> _lines = [];
        private (ProbeState State, string? Code, string? Advice) _worst = (ProbeState.Passed, null, null);

        public void Pass(string line) => _lines.Add(line);

        public void Warn(string code, string line, string? advice)
        {
            _lines.Add(line);
            if (_worst.State == ProbeState.Passed || (_worst.Code == "not-offered" && _worst.State == ProbeState.Warning))
            {
                _worst = (ProbeState.Warning, code, advice);
            }
        }

        public void Fail(string code, string line, string advice)
        {
            _lines.Add(line);
            _worst = (ProbeState.Failed, code, advice);
        }

        public StageOutcome Verdict(string nothing) =>
            _lines.Count == 0 ? StageOutcome.Skipped(nothing) : new StageOutcome(_worst.State, string.Join('\n', _lines), _worst.Code, _worst.Advice);
    }
}
