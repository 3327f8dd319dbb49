using System.Text;
using Portal.Engine.Replay;
using Portal.Engine.Specs;

namespace Portal.Tests.Fakes;

/// <summary>Refuses, or leaves without an answer, the messages whose payload the test names; Kafka takes all others.</summary>
internal sealed class FakeMessageReplay : IMessageReplay
{
    public HashSet<string> Refused { get; } = [];

    public HashSet<string> Silent { get; } = [];

    /// <summary>What Kafka took, oldest first: topic and payload.</summary>
    public List<(string Topic, string Payload)> Sent { get; } = [];

    /// <summary>Called before each sending.</summary>
    public Action? OnSend { get; set; }

    /// <summary>Each sending waits for it.</summary>
    public Func<Task>? Sending { get; set; }

    public IReadOnlyList<string?> Check(PipelineSpec spec, IReadOnlyList<ReplayedMessage> messages) =>
        [.. messages.Select(message => Refused.Contains(Text(message.Payload)) ? "It is refused." : null)];

    public async Task<IReadOnlyList<ReplayResult>> SendAsync(
        PipelineSpec spec, IReadOnlyList<ReplayedMessage> messages, TimeSpan limit, CancellationToken cancellationToken)
    {
        OnSend?.Invoke();
        await (Sending?.Invoke() ?? Task.CompletedTask);
        return [.. messages.Select(Send)];
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private ReplayResult Send(ReplayedMessage message)
    {
        var payload = Text(message.Payload);
        if (Refused.Contains(payload))
        {
            return new ReplayResult(false, "It is refused.", IsRefused: true);
        }

        if (Silent.Contains(payload))
        {
            return new ReplayResult(false, "Kafka does not answer.", IsRefused: false);
        }

        Sent.Add((Text(message.Topic), payload));
        return new ReplayResult(true, null, IsRefused: false);
    }
}
