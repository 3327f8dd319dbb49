using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Engine.Specs;

namespace Portal.Server.Connections.Probing;

/// <summary>Translates what a probe found into what a page shows. The only place that knows both.</summary>
internal static class ProbeReports
{
    /// <summary>The keys in the data folder are not those that the secret was encrypted with.</summary>
    public static ValidationReport SecretUnreadable { get; } = OneStep(
        "secrets", "Read the stored secret", "The stored password or key cannot be read with the keys in the data folder. Were they replaced?", "Type the password or key again and save.");

    public static ValidationReport Translate(ProbeReport report) =>
        new([.. report.Steps.Select(Translate)], report.Percent, report.Finished, report.Passed) { Broker = Translate(report.Broker), Kafka = Translate(report.Kafka) };

    public static async IAsyncEnumerable<ValidationReport> Translate(IAsyncEnumerable<ProbeReport> reports)
    {
        await foreach (var report in reports)
        {
            yield return Translate(report);
        }
    }

    /// <summary>A report about a test that was not begun.</summary>
    public static ValidationReport Refused(CommandResult refusal)
    {
        var report = refusal.Outcome switch
        {
            CommandOutcome.Forbidden => OneStep("permission", "Permission", refusal.Text, null),
            CommandOutcome.Invalid => OneStep(
                "input", "Check the input", string.Join('\n', refusal.Errors.Select(error => error.Text)), "Correct this and test again."),
            _ => OneStep("begin", "Begin the test", refusal.Text, null),
        };
        return report with { Refusal = refusal };
    }

    /// <summary>Just one report, where a stream of them is expected.</summary>
    public static async IAsyncEnumerable<ValidationReport> Just(ValidationReport report)
    {
        await Task.CompletedTask;
        yield return report;
    }

    /// <summary>Why a finished report did not pass, in one text; null when it did.</summary>
    public static string? Cause(ValidationReport report) =>
        report.Steps.FirstOrDefault(step => step.State == ValidationState.Failed) is { } failed
            ? string.Join(' ', new[] { failed.Result, failed.Advice }.Where(text => !string.IsNullOrEmpty(text)))
            : null;

    /// <summary>How long signing in took; null when it was not reached.</summary>
    public static TimeSpan? SignInTime(ValidationReport report) => report.Steps.FirstOrDefault(step => step.Name == "sign-in")?.Took;

    private static ValidationReport OneStep(string name, string title, string? result, string? advice) =>
        new(
            [new ValidationStep { Name = name, Title = title, State = ValidationState.Failed, Code = name, Result = result, Advice = advice }],
            100,
            Finished: true,
            Passed: false);

    private static BrokerCapabilities? Translate(BrokerFacts? facts) => facts is null ? null : new BrokerCapabilities
    {
        Version = facts.Protocol == MqttProtocol.V311 ? MqttVersion.V311 : MqttVersion.V5,
        MaximumQos = facts.MaximumQos,
        GrantedQos = facts.GrantedQos,
        SharedSubscriptions = facts.SharedSubscriptions,
        ReceiveMaximum = facts.ReceiveMaximum,
        MaximumPacketSize = facts.MaximumPacketSize,
        SessionExpiry = facts.SessionExpiry,
        KeepAlive = facts.KeepAlive,
    };

    private static KafkaClusterFacts? Translate(KafkaFacts? facts) => facts is null ? null : new(
        facts.ClusterId,
        [
            .. facts.Brokers.Select(broker => new KafkaBroker(broker.Id, $"{broker.Host}:{broker.Port}")
            {
                IsReached = broker.IsReached,
                CertificateExpiresAt = broker.CertificateExpiresAt,
            }),
        ]);

    private static ValidationStep Translate(ProbeStep step) => new()
    {
        Name = step.Name,
        Title = step.Title,
        State = step.State switch
        {
            ProbeState.Running => ValidationState.Running,
            ProbeState.Passed => ValidationState.Passed,
            ProbeState.Warning => ValidationState.Warning,
            ProbeState.Failed => ValidationState.Failed,
            ProbeState.Skipped => ValidationState.Skipped,
            _ => ValidationState.Waiting,
        },
        Took = step.Took,
        Code = step.Code,
        Result = step.Result,
        Advice = step.Advice,
    };
}
