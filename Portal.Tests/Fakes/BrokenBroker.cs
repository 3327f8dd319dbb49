using System.Collections.Concurrent;
using System.Text;

namespace Portal.Tests.Fakes;

/// <summary>A broker that is as wrong as the test says; by default nothing is. For probes, which ask only once.</summary>
internal sealed record BrokenBroker
{
    private const int Connect = 1;
    private const int Publish = 3;
    private const int Subscribe = 8;
    private const int Unsubscribe = 10;
    private const int Disconnect = 14;

    /// <summary>The return or reason code of CONNACK.</summary>
    public byte Connack { get; init; }

    /// <summary>The properties of CONNACK, with MQTT 5.</summary>
    public byte[] ConnackProperties { get; init; } = [];

    /// <summary>The only protocol level it speaks, or null for both; others are answered by <see cref="OnOtherLevel"/>.</summary>
    public byte? Level { get; init; }

    /// <summary>A whole packet, or nothing: then it closes.</summary>
    public byte[] OnOtherLevel { get; init; } = [];

    /// <summary>The code for a filter; 255 closes the connection, 254 says nothing.</summary>
    public Func<string, byte> Suback { get; init; } = _ => 1;

    /// <summary>With which QoS a message goes to whom subscribed to this filter; null means not at all.</summary>
    public Func<string, int?> Deliver { get; init; } = _ => 1;

    /// <summary>The reason code of PUBACK, with MQTT 5; 255 closes the connection.</summary>
    public byte Puback { get; init; }

    /// <summary>The packets that it saw, by type, with the whole body.</summary>
    public ConcurrentQueue<(int Type, byte[] Body)> Seen { get; } = new();

    /// <summary>The script for a <see cref="ScriptedPort"/>.</summary>
    public async Task ServeAsync(Stream stream, CancellationToken cancellationToken)
    {
        var v5 = false;
        var filters = new List<string>();
        while (true)
        {
            var header = new byte[2];
            await stream.ReadExactlyAsync(header, cancellationToken);
            var body = new byte[header[1]];
            await stream.ReadExactlyAsync(body, cancellationToken);
            Seen.Enqueue((header[0] >> 4, body));

            switch (header[0] >> 4)
            {
                case Connect when header[0] != 0x10 || body.Length < 7:
                    return;
                case Connect when Level is { } level && body[6] != level:
                    await stream.WriteAsync(OnOtherLevel, cancellationToken);
                    return;
                case Connect:
                    v5 = body[6] == 5;
                    byte[] answer = v5 ? [0, Connack, (byte)ConnackProperties.Length, .. ConnackProperties] : [0, Connack];
                    await stream.WriteAsync((byte[])[0x20, (byte)answer.Length, .. answer], cancellationToken);
                    if (Connack != 0)
                    {
                        return;
                    }

                    break;
                case Subscribe:
                    var filter = Text(body, v5 ? 3 : 2);
                    var code = Suback(filter);
                    if (code == 255)
                    {
                        return;
                    }

                    if (code == 254)
                    {
                        break;
                    }

                    if (code <= 2)
                    {
                        filters.Add(filter);
                    }

                    await stream.WriteAsync(v5 ? [0x90, 4, body[0], body[1], 0, code] : (byte[])[0x90, 3, body[0], body[1], code], cancellationToken);
                    break;
                case Publish:
                    if (Puback == 255)
                    {
                        return;
                    }

                    await AnswerPublishAsync(stream, body, v5, filters, cancellationToken);
                    break;
                case Unsubscribe:
                    await stream.WriteAsync(v5 ? [0xB0, 5, body[0], body[1], 0, 0, 0] : (byte[])[0xB0, 2, body[0], body[1]], cancellationToken);
                    break;
                case Disconnect:
                    return;
            }
        }
    }

    private async Task AnswerPublishAsync(Stream stream, byte[] body, bool v5, List<string> filters, CancellationToken cancellationToken)
    {
        var topicLength = 2 + Text(body, 0).Length;
        byte[] packetId = [body[topicLength], body[topicLength + 1]];
        await stream.WriteAsync(v5 && Puback != 0 ? [0x40, 3, .. packetId, Puback] : (byte[])[0x40, 2, .. packetId], cancellationToken);
        foreach (var qos in filters.Select(Deliver).OfType<int>().Where(_ => Puback == 0))
        {
            byte[] delivered = qos == 0 ? [.. body[..topicLength], .. body[(topicLength + 2)..]] : body;
            await stream.WriteAsync((byte[])[(byte)(0x30 | (qos << 1)), (byte)delivered.Length, .. delivered], cancellationToken);
        }
    }

    private static string Text(byte[] body, int at) => Encoding.UTF8.GetString(body, at + 2, (body[at] << 8) | body[at + 1]);
}
