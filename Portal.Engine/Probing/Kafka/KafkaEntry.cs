using System.Net;
using System.Net.Sockets;
using Portal.Engine.Network;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Kafka;

/// <summary>The way to the bootstrap servers: names, ports, TLS, and the first words of Kafka's protocol.</summary>
internal sealed class KafkaEntry(KafkaSpec kafka, Dialer dialer, TlsDialer tls, TimeProvider time)
{
    private readonly List<Server> _found = [];
    private Server? _entry;

    public bool NeedsSignIn => kafka.Security is KafkaSecurity.SaslPlaintext or KafkaSecurity.SaslSsl;

    public string Mechanism => kafka.Mechanism switch
    {
        KafkaSaslMechanism.ScramSha256 => "SCRAM-SHA-256",
        KafkaSaslMechanism.ScramSha512 => "SCRAM-SHA-512",
        _ => "PLAIN",
    };

    /// <summary>Whether the cluster tells its settings and rights; known after <see cref="GreetAsync(CancellationToken)"/>.</summary>
    public bool DescribesSettings { get; private set; }

    private bool NeedsTls => kafka.Security is KafkaSecurity.Ssl or KafkaSecurity.SaslSsl;

    public async Task<StageOutcome> ResolveAsync(CancellationToken cancellationToken)
    {
        var errors = PipelineSpecValidator.Validate(kafka);
        if (errors.Count > 0)
        {
            return StageOutcome.Failed("invalid-settings", string.Join('\n', errors.Select(error => error.Text)), "Correct the settings of the Kafka instance.");
        }

        var hosts = kafka.BootstrapServers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct();
        var lines = new List<string>();
        NetworkFault? fault = null;
        foreach (var (server, (addresses, cause)) in await Together(hosts, ResolveAsync))
        {
            fault ??= cause;
            lines.Add(cause?.Text ?? (IPAddress.TryParse(server.Host, out _) ? $"{server.Host} is an address." : $"{server.Host} is {string.Join(", ", addresses.Select(address => address.ToString()))}."));
            if (addresses.Length > 0)
            {
                _found.Add(server with { Addresses = addresses });
            }
        }

        return Verdict(_found.Count > 0, fault, lines);

        async Task<(Server, (IPAddress[], NetworkFault?))> ResolveAsync(string address)
        {
            var colon = address.LastIndexOf(':');
            var server = new Server(address[..colon].Trim('[', ']'), int.Parse(address[(colon + 1)..]), []);
            return (server, await dialer.ResolveAsync(server.Host, cancellationToken));
        }
    }

    public async Task<StageOutcome> ReachAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        NetworkFault? fault = null;
        foreach (var (server, cause) in await Together(_found, ReachAsync))
        {
            fault ??= cause;
            lines.Add(cause?.Text ?? $"{server} takes connections.");
            _entry ??= cause is null ? server : null;
        }

        return Verdict(_entry is not null, fault, lines);

        async Task<(Server, NetworkFault?)> ReachAsync(Server server)
        {
            var (socket, cause) = await dialer.ConnectAsync(server.Host, server.Port, server.Addresses, cancellationToken);
            socket?.Dispose();
            return (server, cause);
        }
    }

    public async Task<StageOutcome> SecureAsync(CancellationToken cancellationToken)
    {
        if (!NeedsTls)
        {
            return StageOutcome.Skipped("The instance is set to go without TLS.");
        }

        var (stream, agreed, fault) = await OpenAsync(withTls: true, cancellationToken);
        if (stream is not null)
        {
            await stream.DisposeAsync();
            return StageOutcome.Passed($"{agreed}.");
        }

        if (fault!.Code == "tls-failed" && await SpeaksPlainlyAsync(cancellationToken))
        {
            return StageOutcome.Failed(
                "plain-port", $"{_entry} speaks plain Kafka, not TLS.", "Choose PLAINTEXT or SASL_PLAINTEXT, or give the port of a TLS listener.");
        }

        return StageOutcome.Failed(fault.Code, fault.Text, fault.Advice);
    }

    /// <returns>What is wrong, or null.</returns>
    public async Task<StageOutcome?> GreetAsync(CancellationToken cancellationToken)
    {
        var (stream, _, fault) = await OpenAsync(NeedsTls, cancellationToken);
        if (stream is null)
        {
            return StageOutcome.Failed(fault!.Code, fault.Text, fault.Advice);
        }

        await using (stream)
        {
            if (await GreetAsync(stream, cancellationToken) is not { } greeting)
            {
                return StageOutcome.Failed(
                    "no-answer",
                    $"{_entry} took the connection, but did not answer a Kafka request in {Dialer.Patience.TotalSeconds:0} s.",
                    "Check whether this is a Kafka port, and whether the broker behind it is alive.");
            }

            DescribesSettings = greeting.DescribesSettings;
            return greeting.Answer switch
            {
                GreetingAnswer.Open when NeedsSignIn => StageOutcome.Failed(
                    "no-sign-in", $"{_entry} offers no sign-in by SASL: it lets everybody in.", "Choose PLAINTEXT or SSL, or give the port of a SASL listener."),
                GreetingAnswer.OtherMechanisms when NeedsSignIn => StageOutcome.Failed(
                    "mechanism",
                    $"{_entry} does not offer {Mechanism} (UNSUPPORTED_SASL_MECHANISM). It offers: {string.Join(", ", greeting.Mechanisms)}.",
                    "Choose one of those."),
                GreetingAnswer.OtherMechanisms => StageOutcome.Failed(
                    "sign-in-needed",
                    $"{_entry} asks for a sign-in by SASL. It offers: {string.Join(", ", greeting.Mechanisms)}.",
                    $"Choose {(NeedsTls ? "SASL_SSL" : "SASL_PLAINTEXT")} with one of those, a user name and a password."),
                GreetingAnswer.Tls => TlsPort(),
                GreetingAnswer.Closed => await ExplainClosedAsync(cancellationToken),
                GreetingAnswer.Garbage => StageOutcome.Failed(
                    "not-kafka", $"{_entry} answered, but not as Kafka does.", "Check host and port: something else listens there."),
                _ => null,
            };
        }
    }

    private async Task<StageOutcome> ExplainClosedAsync(CancellationToken cancellationToken)
    {
        if (NeedsTls && await tls.ObjectionAsync(_entry!.Host, _entry.Port, TlsOf(kafka), cancellationToken) is { } objection)
        {
            return StageOutcome.Failed(objection.Code, objection.Text, objection.Advice);
        }

        if (NeedsTls)
        {
            return StageOutcome.Failed(
                "closed-after-tls",
                $"{_entry} closed the connection after the TLS handshake.",
                kafka.ClientCertificatePem is null
                    ? "It may demand a client certificate: give one with its key. Otherwise something else than Kafka listens there."
                    : "It may not accept this client certificate. Otherwise something else than Kafka listens there.");
        }

        var (stream, _, fault) = await OpenAsync(withTls: true, cancellationToken);
        if (stream is not null)
        {
            await stream.DisposeAsync();
        }

        // Whatever is wrong with its certificate: it showed one.
        return stream is not null || fault!.Code is not ("tls-failed" or "no-answer")
            ? TlsPort()
            : StageOutcome.Failed("not-kafka", $"{_entry} closed the connection at the first request of Kafka's protocol.", "Check host and port: something else listens there.");
    }

    private StageOutcome TlsPort() => StageOutcome.Failed(
        "tls-port", $"{_entry} speaks TLS.", $"Choose {(NeedsSignIn ? "SASL_SSL" : "SSL or SASL_SSL")}, or give the port of a listener without TLS.");

    private async Task<(Stream? Stream, string Agreed, NetworkFault? Fault)> OpenAsync(bool withTls, CancellationToken cancellationToken)
    {
        var (socket, fault) = await dialer.ConnectAsync(_entry!.Host, _entry.Port, _entry.Addresses, cancellationToken);
        if (socket is null)
        {
            return (null, "", fault);
        }

        return withTls
            ? await tls.HandshakeAsync(socket, _entry.Host, _entry.Port, TlsOf(kafka), cancellationToken)
            : (new NetworkStream(socket, ownsSocket: true), "", null);
    }

    private async Task<bool> SpeaksPlainlyAsync(CancellationToken cancellationToken)
    {
        var (stream, _, _) = await OpenAsync(withTls: false, cancellationToken);
        await using (stream)
        {
            return stream is not null && await GreetAsync(stream, cancellationToken)
                is { Answer: GreetingAnswer.Open or GreetingAnswer.MechanismTaken or GreetingAnswer.OtherMechanisms };
        }
    }

    /// <returns>Null without an answer in time.</returns>
    private async Task<KafkaGreetingReply?> GreetAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Dialer.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await KafkaGreeting.SendAsync(stream, NeedsSignIn ? Mechanism : null, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>One server that works is enough to begin; the others are told as a warning.</summary>
    private static StageOutcome Verdict(bool anyWorks, NetworkFault? fault, IEnumerable<string> lines) => (anyWorks, fault) switch
    {
        (true, null) => StageOutcome.Passed(string.Join('\n', lines.Distinct())),
        (true, _) => StageOutcome.Warning(fault.Code, string.Join('\n', lines.Distinct()), fault.Advice),
        _ => StageOutcome.Failed(fault!.Code, string.Join('\n', lines.Distinct()), fault.Advice),
    };

    private static async Task<IReadOnlyList<TResult>> Together<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, Task<TResult>> act) =>
        await Task.WhenAll(items.Select(act));

    internal static TlsSpec TlsOf(KafkaSpec kafka) => new()
    {
        CaPem = kafka.CaPem,
        ClientCertificatePem = kafka.ClientCertificatePem,
        ClientKeyPem = kafka.ClientKeyPem,
    };

    private sealed record Server(string Host, int Port, IPAddress[] Addresses)
    {
        public override string ToString() => $"{Host}:{Port}";
    }
}
