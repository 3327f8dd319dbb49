namespace Portal.Engine.Probing.Kafka;

/// <summary>Judges what a cluster says about replication and record size, topic by topic, and keeps the worst verdict.</summary>
internal sealed class KafkaFindings
{
    // What a record carries beside what was in the packet: the topic once more as key, and the names of the headers.
    private const int AddedByMapping = 2 * 1024;

    private readonly List<string> _lines = [];
    private (ProbeState State, string? Code, string? Advice) _worst = (ProbeState.Passed, null, null);

    /// <summary>A number with its noun.</summary>
    public static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    /// <summary>How safe a confirmed record is in a topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="minimum"><c>min.insync.replicas</c>; null when the cluster does not say.</param>
    public void AddReplication(KafkaTopicFacts topic, int? minimum)
    {
        var (replicas, inSync) = (topic.Replicas, topic.InSync);
        var what = $"{topic.Name} has {Count(replicas, "replica")}";
        if (minimum is not { } least)
        {
            Warn("not-offered", $"{what}; how many of them must confirm a record is not offered here (or not shown to this user).", null);
        }
        else if (least > replicas)
        {
            Warn(
                "min-isr",
                $"{what}, and min.insync.replicas asks for {least}. Kafka before 4.0 then refuses every record (NOT_ENOUGH_REPLICAS).",
                "Give the topic more replicas, or lower min.insync.replicas.");
        }
        else if (inSync < least)
        {
            Warn(
                "not-in-sync",
                $"{what}, of which only {inSync} are in sync where min.insync.replicas asks for {least}: records are refused until more are.",
                "Bring the missing brokers back.");
        }
        else if (replicas == 1)
        {
            Warn("one-replica", $"{what}: when that broker's disk is lost, so are confirmed records.", "Give the topic at least 2 replicas where it matters.");
        }
        else if (least == 1)
        {
            Warn(
                "min-isr-one",
                $"{what}, and one of them is enough to confirm a record (min.insync.replicas is 1): it may be lost with its leader.",
                "Set min.insync.replicas to 2 where it matters.");
        }
        else
        {
            Pass($"{what}, {least} of which must confirm a record.");
        }
    }

    /// <summary>How safe it will be in topics that do not exist yet.</summary>
    /// <param name="replicas">How many they get; null when the cluster does not say.</param>
    /// <param name="minimum">The cluster's <c>min.insync.replicas</c>; null when it does not say.</param>
    /// <param name="brokers">How many brokers there are.</param>
    public void AddCreation(int? replicas, int? minimum, int brokers)
    {
        if (replicas > brokers)
        {
            Fail(
                "too-few-brokers", $"New topics would need {Count(replicas.Value, "replica")}, but the cluster has {Count(brokers, "broker")}.", "Ask for fewer replicas.");
        }
        else if (replicas is not { } known)
        {
            Warn("not-offered", "How many replicas a new topic gets is not offered here (or not shown to this user).", null);
        }
        else if (known < minimum)
        {
            Warn(
                "min-isr",
                $"New topics get {Count(known, "replica")}, and min.insync.replicas asks for {minimum}. Kafka before 4.0 then refuses every record (NOT_ENOUGH_REPLICAS).",
                $"Ask for at least {minimum} replicas.");
        }
        else if (known == 1)
        {
            Warn("one-replica", "New topics get 1 replica: when that broker's disk is lost, so are confirmed records.", "Ask for at least 2 replicas where it matters.");
        }
        else if (minimum == 1)
        {
            Warn(
                "min-isr-one",
                $"New topics get {Count(known, "replica")}, and one of them is enough to confirm a record (min.insync.replicas is 1): it may be lost with its leader.",
                "Set min.insync.replicas of the cluster to 2 where it matters.");
        }
        else
        {
            Pass($"New topics get {Count(known, "replica")}.");
        }
    }

    /// <summary>Whether the largest message that the MQTT broker lets through fits into a record.</summary>
    /// <param name="packet">The broker's largest packet; null when it names none.</param>
    /// <param name="expected">The largest record that the task may send; <see cref="AddSize"/> holds it against the topics.</param>
    public void AddSource(long? packet, int expected)
    {
        if (packet is not { } most)
        {
            Pass($"The MQTT broker names no largest packet: a message above the task's {Figures.Grouped(expected)} bytes is handled as a failure.");
        }
        else if (most > expected)
        {
            Warn(
                "source-larger",
                $"The MQTT broker lets packets of up to {Figures.Grouped(most)} bytes through, and the task sends records of up to {Figures.Grouped(expected)}. Larger messages are handled as failures.",
                "Raise the task's largest record together with the topic's max.message.bytes, or lower the broker's maximum packet size.");
        }
        else if (most > expected - AddedByMapping)
        {
            Warn(
                "source-larger",
                $"The MQTT broker lets packets of up to {Figures.Grouped(most)} bytes through, and the task sends records of up to {Figures.Grouped(expected)}. With key and headers the largest do not fit, and are handled as failures.",
                "Raise the task's largest record together with the topic's max.message.bytes, or lower the broker's maximum packet size.");
        }
        else
        {
            Pass($"The MQTT broker lets packets of up to {Figures.Grouped(most)} bytes through: each fits, with key and headers.");
        }
    }

    /// <summary>Whether the largest records fit.</summary>
    /// <param name="what">Where.</param>
    /// <param name="most">The largest that is taken there; null when the cluster does not say.</param>
    /// <param name="expected">The largest that the task may send.</param>
    public void AddSize(string what, int? most, int expected)
    {
        if (most is not { } known)
        {
            Warn("not-offered", $"{what}: the largest record is not offered here (or not shown to this user).", null);
        }
        else if (known < expected)
        {
            Warn(
                "too-small",
                $"{what}: at most {Figures.Grouped(known)} bytes a record, and the task may send up to {Figures.Grouped(expected)}. Larger records are refused and handled as failures.",
                "Raise max.message.bytes of the topic (message.max.bytes of the brokers for new ones), or lower the task's limit.");
        }
        else
        {
            Pass($"{what}: up to {Figures.Grouped(known)} bytes a record.");
        }
    }

    /// <summary>All lines under the worst verdict among them.</summary>
    public StageOutcome Verdict() =>
        _lines.Count == 0 ? StageOutcome.Skipped("Nothing to check yet.") : new StageOutcome(_worst.State, string.Join('\n', _lines), _worst.Code, _worst.Advice);

    private void Pass(string line) => _lines.Add(line);

    private void Warn(string code, string line, string? advice)
    {
        _lines.Add(line);
        if (_worst.State == ProbeState.Passed || (_worst.Code == "not-offered" && _worst.State == ProbeState.Warning))
        {
            _worst = (ProbeState.Warning, code, advice);
        }
    }

    private void Fail(string code, string line, string advice)
    {
        _lines.Add(line);
        _worst = (ProbeState.Failed, code, advice);
    }
}
