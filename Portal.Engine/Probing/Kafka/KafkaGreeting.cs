using System.Buffers.Binary;
using System.Text;

namespace Portal.Engine.Probing.Kafka;

/// <summary>How a port answered <see cref="KafkaGreeting"/>.</summary>
internal enum GreetingAnswer
{
    /// <summary>It speaks Kafka and asks for no sign-in, or cannot say.</summary>
    Open,

    /// <summary>It speaks Kafka and takes the mechanism.</summary>
    MechanismTaken,

    /// <summary>It speaks Kafka and asks for a sign-in by other mechanisms.</summary>
    OtherMechanisms,

    /// <summary>It began a TLS record.</summary>
    Tls,

    /// <summary>It closed the connection.</summary>
    Closed,

    /// <summary>It sent something else.</summary>
    Garbage,
}

/// <summary>What a port said to <see cref="KafkaGreeting"/>.</summary>
/// <param name="Answer">What it is.</param>
/// <param name="Mechanisms">With <see cref="GreetingAnswer.OtherMechanisms"/> those that are offered.</param>
/// <param name="DescribesSettings">Whether it is a cluster that tells its settings and rights; an embedded one is not.</param>
internal sealed record KafkaGreetingReply(GreetingAnswer Answer, IReadOnlyList<string> Mechanisms, bool DescribesSettings)
{
    public static implicit operator KafkaGreetingReply(GreetingAnswer answer) => new(answer, [], false);
}

/// <summary>
/// Asks a port, by the first two requests of Kafka's protocol, whether it is Kafka and how it wants to be signed in to. librdkafka only
/// waits where these answers are missing, and names neither what came instead nor a listener without sign-in.
/// </summary>
internal static class KafkaGreeting
{
    private const short ApiVersions = 18;
    private const short SaslHandshake = 17;
    private const short DescribeConfigs = 32;
    private const short UnsupportedMechanism = 33;
    private const int LargestAnswer = 65_536;

    /// <summary>Greets.</summary>
    /// <param name="stream">Connected, after the TLS handshake if there is one.</param>
    /// <param name="mechanism">The wanted mechanism, or null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<KafkaGreetingReply> SendAsync(Stream stream, string? mechanism, CancellationToken cancellationToken)
    {
        try
        {
            var (answer, versions) = await AskAsync(stream, ApiVersions, version: 0, "", cancellationToken);
            if (versions is null)
            {
                return answer;
            }

            var open = new KafkaGreetingReply(GreetingAnswer.Open, [], Offers(versions, DescribeConfigs));
            if (!Offers(versions, SaslHandshake))
            {
                return open;
            }

            var (_, handshake) = await AskAsync(stream, SaslHandshake, version: 1, mechanism ?? "none", cancellationToken);
            return handshake is null ? GreetingAnswer.Closed : BinaryPrimitives.ReadInt16BigEndian(handshake) switch
            {
                0 => open with { Answer = GreetingAnswer.MechanismTaken },
                UnsupportedMechanism => open with { Answer = GreetingAnswer.OtherMechanisms, Mechanisms = Texts(handshake.AsSpan(2)) },
                _ => open,
            };
        }
        catch (IOException)
        {
            return GreetingAnswer.Closed;
        }
        catch (ArgumentOutOfRangeException)
        {
            return GreetingAnswer.Garbage;
        }
    }

    private static async Task<(GreetingAnswer Answer, byte[]? Body)> AskAsync(
        Stream stream, short api, short version, string text, CancellationToken cancellationToken)
    {
        const string client = "connector-portal-probe";
        var body = api == SaslHandshake ? 2 + text.Length : 0;
        var request = new byte[4 + 8 + 2 + client.Length + body];
        BinaryPrimitives.WriteInt32BigEndian(request, request.Length - 4);
        BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(4), api);
        BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(6), version);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(8), api);
        BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(12), (short)client.Length);
        Encoding.ASCII.GetBytes(client, request.AsSpan(14));
        if (body > 0)
        {
            BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(14 + client.Length), (short)text.Length);
            Encoding.ASCII.GetBytes(text, request.AsSpan(16 + client.Length));
        }

        await stream.WriteAsync(request, cancellationToken);
        var head = new byte[8];
        var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (read >= 2 && head[0] is 0x15 or 0x16 && head[1] == 3)
        {
            return (GreetingAnswer.Tls, null);
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(head) - 4;
        if (read < head.Length || length is < 2 or > LargestAnswer || BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) != api)
        {
            return (read == 0 ? GreetingAnswer.Closed : GreetingAnswer.Garbage, null);
        }

        var answer = new byte[length];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return (GreetingAnswer.Open, answer);
    }

    /// <summary>Whether an ApiVersions answer (version 0: error, then key, lowest, highest) names a request.</summary>
    private static bool Offers(ReadOnlySpan<byte> versions, short api)
    {
        for (var at = 6; at + 6 <= versions.Length; at += 6)
        {
            if (BinaryPrimitives.ReadInt16BigEndian(versions[at..]) == api)
            {
                return true;
            }
        }

        return false;
    }

    private static List<string> Texts(ReadOnlySpan<byte> list)
    {
        var texts = new List<string>();
        var rest = list[4..];
        for (var count = BinaryPrimitives.ReadInt32BigEndian(list); count > 0; count--)
        {
            var length = BinaryPrimitives.ReadInt16BigEndian(rest);
            texts.Add(Encoding.UTF8.GetString(rest.Slice(2, length)));
            rest = rest[(2 + length)..];
        }

        return texts;
    }
}
