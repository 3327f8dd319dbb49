using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Confluent.Kafka;
using Portal.Engine.Network;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Kafka;

/// <summary>
/// Records go straight to the broker that leads a partition, under the address that it advertises: a cluster whose bootstrap server answers
/// may be out of reach all the same.
/// </summary>
internal sealed class KafkaListeners(KafkaSpec kafka, KafkaCluster cluster, Dialer dialer, TlsDialer tls)
{
    private const string Advertise = "Set advertised.listeners of the broker to an address that this machine can reach, or make the name and the route known here.";

    private IReadOnlyDictionary<int, Finding> _found = new Dictionary<int, Finding>();

    /// <summary>The brokers as far as they are known; null before the cluster named any.</summary>
    public KafkaFacts? Facts => cluster.Brokers is not { Count: > 0 } brokers ? null : new([.. brokers.OrderBy(broker => broker.BrokerId).Select(Of)])
    {
        ClusterId = cluster.ClusterId,
    };

    public async Task<StageOutcome> CheckAsync(CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(cluster.Brokers.Select(node => CheckAsync(node, cancellationToken)));
        _found = found.ToDictionary(one => one.Node.BrokerId);
        var lines = found.OrderBy(one => one.Node.BrokerId).Select(one => one.Fault is { } fault
            ? $"Broker {one.Node.BrokerId} advertises {one.Node.Host}:{one.Node.Port}, which cannot be used from here. {fault.Text}"
            : $"Broker {one.Node.BrokerId} is reached at {one.Node.Host}:{one.Node.Port}.");
        var text = string.Join('\n', lines);
        return found.Any(one => one.Fault is not null)
            ? StageOutcome.Failed("listener", text, string.Join('\n', found.Select(one => one.Fault?.Advice).OfType<string>().Distinct()))
            : StageOutcome.Passed(text);
    }

    private KafkaBrokerFacts Of(BrokerMetadata node)
    {
        var found = _found.GetValueOrDefault(node.BrokerId);
        return new(node.BrokerId, node.Host, node.Port) { IsReached = found is null ? null : found.Fault is null, CertificateExpiresAt = found?.ExpiresAt };
    }

    private async Task<Finding> CheckAsync(BrokerMetadata node, CancellationToken cancellationToken)
    {
        var (addresses, fault) = await dialer.ResolveAsync(node.Host, cancellationToken);
        if (fault is not null)
        {
            return new(node, fault with { Advice = Advertise });
        }

        var (socket, refused) = await dialer.ConnectAsync(node.Host, node.Port, addresses, cancellationToken);
        if (socket is null || kafka.Security is not (KafkaSecurity.Ssl or KafkaSecurity.SaslSsl))
        {
            socket?.Dispose();
            return new(node, refused is null ? null : refused with { Advice = Advertise });
        }

        var (stream, _, broken) = await tls.HandshakeAsync(socket, node.Host, node.Port, KafkaEntry.TlsOf(kafka), cancellationToken);
        if (stream is null)
        {
            return new(node, broken!.Code == "certificate-name" ? broken with { Advice = $"Set advertised.listeners of broker {node.BrokerId} to a name that its certificate has, or give it a certificate for {node.Host}." } : broken);
        }

        await using (stream)
        {
            return new(node, null) { ExpiresAt = ExpiryOf(stream) };
        }
    }

    private static DateTimeOffset? ExpiryOf(SslStream stream) =>
        stream.RemoteCertificate is X509Certificate2 certificate ? new DateTimeOffset(certificate.NotAfter.ToUniversalTime()) : null;

    private sealed record Finding(BrokerMetadata Node, NetworkFault? Fault)
    {
        public DateTimeOffset? ExpiresAt { get; init; }
    }
}
