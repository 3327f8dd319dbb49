using Confluent.Kafka;
using Portal.Engine.Probing.Network;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Kafka;

/// <summary>
/// Records go straight to the broker that leads a partition, under the address that it advertises: a cluster whose bootstrap server answers
/// may be out of reach all the same.
/// </summary>
internal sealed class KafkaListeners(KafkaSpec kafka, KafkaCluster cluster, Dialer dialer, TlsDialer tls)
{
    public async Task<StageOutcome> CheckAsync(CancellationToken cancellationToken)
    {
        var nodes = cluster.Brokers;
        var found = await Task.WhenAll(nodes.Select(async node => (Node: node, Fault: await CheckAsync(node, cancellationToken))));
        var lines = found.OrderBy(one => one.Node.BrokerId).Select(one => one.Fault is { } fault
            ? $"Broker {one.Node.BrokerId} advertises {one.Node.Host}:{one.Node.Port}, which cannot be used from here. {fault.Text}"
            : $"Broker {one.Node.BrokerId} is reached at {one.Node.Host}:{one.Node.Port}.");
        var text = string.Join('\n', lines);
        return found.Any(one => one.Fault is not null)
            ? StageOutcome.Failed(
                "listener",
                text,
                "Set advertised.listeners of the broker to an address that this machine can reach, or make the name and the route known here.")
            : StageOutcome.Passed(text);
    }

    private async Task<NetworkFault?> CheckAsync(BrokerMetadata node, CancellationToken cancellationToken)
    {
        var (addresses, fault) = await dialer.ResolveAsync(node.Host, cancellationToken);
        if (fault is not null)
        {
            return fault;
        }

        var (socket, refused) = await dialer.ConnectAsync(node.Host, node.Port, addresses, cancellationToken);
        if (socket is null || kafka.Security is not (KafkaSecurity.Ssl or KafkaSecurity.SaslSsl))
        {
            socket?.Dispose();
            return refused;
        }

        var (stream, _, broken) = await tls.HandshakeAsync(socket, node.Host, KafkaEntry.TlsOf(kafka), cancellationToken);
        if (stream is not null)
        {
            await stream.DisposeAsync();
        }

        return broken;
    }
}
