namespace Portal.Engine.Probing;

/// <summary>How a step of a probe stands.</summary>
public enum ProbeState
{
    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Fine.</summary>
    Passed,

    /// <summary>Fine, but something should be known; or it cannot be told by this broker.</summary>
    Warning,

    /// <summary>Not fine; <see cref="ProbeStep.Advice"/> says what to do.</summary>
    Failed,

    /// <summary>Not needed, or not reached because an earlier step failed.</summary>
    Skipped,
}

/// <summary>One step of a probe.</summary>
public sealed record ProbeStep
{
    /// <summary>Stable, for tests and links: <c>resolve</c>, <c>port</c>, <c>tls</c>, <c>sign-in</c>, <c>subscribe</c>, <c>verdict</c>, <c>reach</c>, <c>listeners</c>, <c>authorisation</c>, <c>topic</c>, <c>replication</c>, <c>size</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, for people.</summary>
    public required string Title { get; init; }

    /// <summary>How it stands.</summary>
    public ProbeState State { get; init; }

    /// <summary>How long it took; null before it ended.</summary>
    public TimeSpan? Took { get; init; }

    /// <summary>Stable code of the cause, for example <c>refused-port</c>, <c>bad-credentials</c>; null while nothing failed.</summary>
    public string? Code { get; init; }

    /// <summary>What was found, in words; several lines are separated by <c>\n</c>. Never contains a secret.</summary>
    public string? Result { get; init; }

    /// <summary>What to do about it, in words; null when nothing is to be done.</summary>
    public string? Advice { get; init; }
}

/// <summary>A probe so far: each report replaces the one before.</summary>
/// <param name="Steps">All steps, in order, from the first report on.</param>
/// <param name="Finished">Whether no further report follows.</param>
public sealed record ProbeReport(IReadOnlyList<ProbeStep> Steps, bool Finished)
{
    /// <summary>What an MQTT broker said about itself; null before it let the probe in, and for Kafka.</summary>
    public BrokerFacts? Broker { get; init; }

    /// <summary>What a Kafka cluster said about itself; null before it let the probe in, and for MQTT.</summary>
    public KafkaFacts? Kafka { get; init; }

    /// <summary>Whether it has finished and no step failed.</summary>
    public bool Passed => Finished && Steps.All(step => step.State != ProbeState.Failed);

    /// <summary>How much is done, 0 to 100.</summary>
    public int Percent => Steps.Count == 0 ? 0 : 100 * Steps.Count(step => step.State is not (ProbeState.Waiting or ProbeState.Running)) / Steps.Count;
}
