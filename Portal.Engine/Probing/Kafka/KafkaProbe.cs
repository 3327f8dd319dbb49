using System.Runtime.CompilerServices;
using Portal.Engine.Network;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Kafka;

/// <summary>
/// The preflight of a Kafka cluster: resolve, port, TLS, sign-in, every advertised listener, then what the task needs: rights, topics,
/// replication against <c>acks=all</c>, record size. Asks only; never writes a record and never creates a topic.
/// </summary>
internal sealed class KafkaProbe(TimeProvider time)
{
    /// <inheritdoc cref="IEndpointProbe.ProbeKafkaAsync"/>
    public async IAsyncEnumerable<ProbeReport> ProbeAsync(
        KafkaSpec kafka, KafkaProbeTarget target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var dialer = new Dialer(time);
        var tls = new TlsDialer(nameIsSetting: false, time);
        var entry = new KafkaEntry(kafka, dialer, tls, time);
        using var cluster = new KafkaCluster(kafka);
        var listeners = new KafkaListeners(kafka, cluster, dialer, tls);
        var needs = new KafkaNeeds(kafka, target, cluster);
        var signIn = entry.NeedsSignIn ? $"Sign in as {kafka.UserName} ({entry.Mechanism})" : "Talk to Kafka";
        ProbeStage[] stages =
        [
            new("resolve", "Find the bootstrap servers", entry.ResolveAsync),
            new("port", "Reach their ports", entry.ReachAsync),
            new("tls", "Agree on TLS", entry.SecureAsync),
            new("sign-in", signIn, async token => await entry.GreetAsync(token) ?? await cluster.OpenAsync(entry.DescribesSettings, token)),
            new("listeners", "Reach every broker as it is advertised", listeners.CheckAsync, EndsOnFailure: false),
            new("authorisation", "Check the rights", needs.CheckRightsAsync, EndsOnFailure: false),
            new("topic", "Check the topics", needs.CheckTopicsAsync, EndsOnFailure: false),
            new("replication", "Check replication against acks=all", needs.CheckReplicationAsync, EndsOnFailure: false),
            new("size", "Check the record size", needs.CheckSizeAsync, EndsOnFailure: false),
        ];
        await foreach (var report in ProbeRunner.RunAsync(stages, time, cancellationToken))
        {
            yield return report with { Kafka = listeners.Facts };
        }
    }
}
