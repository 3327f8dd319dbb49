using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Engine.Specs;
using Portal.Server.Audit;
using Portal.Server.Connections;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data;
using Portal.Server.Security;

namespace Portal.Server.ConnectorTasks.Checks;

/// <summary>Asks the Kafka instance of a draft whether the task could write there. Never writes a record.</summary>
internal sealed class KafkaPreflight(IDbContextFactory<PortalDb> databases, ChangeGate gate, BrokerSpecs brokers, IEndpointProbe probe)
{
    public async IAsyncEnumerable<ValidationReport> RunAsync(
        string? id, ConnectorTaskDraft draft, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (_, refusal) = await gate.EnterAsync("test the target of", AuditSubject.ConnectorTask(id, draft.Name), cancellationToken);
        var (kafka, trouble) = refusal is null ? await KafkaAsync(draft, cancellationToken) : (null, ProbeReports.Refused(refusal));
        if (kafka is null)
        {
            yield return trouble!;
            yield break;
        }

        await foreach (var report in ProbeReports.Translate(probe.ProbeKafkaAsync(kafka, Target(draft, kafka), cancellationToken)).WithCancellation(cancellationToken))
        {
            yield return report;
        }
    }

    internal static KafkaProbeTarget Target(ConnectorTaskDraft draft, KafkaSpec kafka)
    {
        var spec = PipelineSpecCompiler.Compile("task-00000000", 0, draft, new MqttBrokerSpec { Endpoints = [] }, kafka);
        // Those that are known before a message comes: a template names none.
        var targets = draft.Distribution switch
        {
            DistributionPolicy.OneTopic => [draft.Topic],
            DistributionPolicy.TopicMap => draft.TopicMap.Select(row => row.Topic),
            _ => [],
        };
        return new KafkaProbeTarget
        {
            Topics = [.. targets.Append(spec.Delivery.DeadLetterTopic).Where(topic => !string.IsNullOrWhiteSpace(topic)).Select(topic => topic!).Distinct()],
            AutoCreate = spec.Sink.AutoCreate,
            MaxMessageBytes = spec.Sink.MaxMessageBytes,
        };
    }

    private async Task<(KafkaSpec? Kafka, ValidationReport? Trouble)> KafkaAsync(ConnectorTaskDraft draft, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var instance = await db.KafkaInstances.AsNoTracking().FirstOrDefaultAsync(one => one.Id == draft.KafkaInstanceId, cancellationToken);
        if (instance is null)
        {
            return (null, ProbeReports.Refused(CommandResult.Not(CommandOutcome.NotFound, "Choose the Kafka instance to write to.")));
        }

        try
        {
            return (brokers.Kafka(instance), null);
        }
        catch (CryptographicException)
        {
            return (null, ProbeReports.SecretUnreadable);
        }
    }
}
