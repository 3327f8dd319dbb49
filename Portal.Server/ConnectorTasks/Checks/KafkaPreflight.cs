using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Engine.Specs;
using Portal.Server.Audit;
using Portal.Server.Connections.Probing;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data;
using Portal.Server.Security;

namespace Portal.Server.ConnectorTasks.Checks;

/// <summary>Asks the Kafka instance of a draft whether the task could write there. Never writes a record.</summary>
internal sealed class KafkaPreflight(
    IDbContextFactory<PortalDb> databases, ChangeGate gate, BrokerSpecs brokers, IEndpointProbe probe, TimeProvider time)
{
    /// <summary>What is asked of the source is worth a line, not a wait.</summary>
    private static readonly TimeSpan SourcePatience = TimeSpan.FromSeconds(3);

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

        var target = Target(draft, kafka) with { Source = await SourceAsync(draft, cancellationToken) };
        await foreach (var report in ProbeReports.Translate(probe.ProbeKafkaAsync(kafka, target, cancellationToken)).WithCancellation(cancellationToken))
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

    /// <summary>What the broker of the draft's connection says about itself; null when it says nothing in time.</summary>
    private async Task<BrokerFacts?> SourceAsync(ConnectorTaskDraft draft, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.AsNoTracking().Include(row => row.MqttCluster).FirstOrDefaultAsync(row => row.Id == draft.ConnectionId, cancellationToken);
        if (connection?.MqttCluster is not { } cluster)
        {
            return null;
        }

        using var limit = new CancellationTokenSource(SourcePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await foreach (var report in probe.ProbeMqttAsync(brokers.Mqtt(cluster, connection), userFollows: false, either.Token))
            {
                if (report.Broker is { } facts)
                {
                    return facts;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Too slow.
        }
        catch (CryptographicException)
        {
            // Its own test tells that its secret cannot be read.
        }

        return null;
    }

    private async Task<(KafkaSpec? Kafka, ValidationReport? Trouble)> KafkaAsync(ConnectorTaskDraft draft, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var instance = await db.KafkaInstances.AsNoTracking().FirstOrDefaultAsync(one => one.Id == draft.KafkaInstanceId, cancellationToken);
        if (instance is null)
        {
            return (null, ProbeReports.Refused(CommandResult.Invalid([new FieldError(nameof(draft.KafkaInstanceId), "Choose the Kafka instance to write to.")])));
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
