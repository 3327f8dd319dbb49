using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Engine.Sampling;

namespace Portal.Tests.Fakes;

/// <summary>Reports what the test writes into <see cref="Script"/>, or <see cref="Answer"/> at once while there is none.</summary>
internal sealed class FakeSampler : ISampler
{
    public static SampledMessage Message { get; } = SampledMessage.Compose(
        "plant/line1/temp", """{"temp":21.5}"""u8.ToArray(), new MessageProperties { User = [new("region", "gz"), new("lane", "2")] }, 0, false, 1_760_000_000_000);

    public SampleReport Answer { get; set; } = new()
    {
        State = SampleState.Ended,
        End = SampleEnd.Full,
        Messages = [Message],
        Received = 1,
        Bytes = Message.Size,
        Topics = [new SampledTopic(Message.Topic, 1)],
    };

    public Channel<SampleReport>? Script { get; set; }

    public List<SampleOrder> Orders { get; } = [];

    public async IAsyncEnumerable<SampleReport> ListenAsync(SampleOrder order, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Orders.Add(order);
        if (Script is null)
        {
            yield return Answer;
            yield break;
        }

        await foreach (var report in Script.Reader.ReadAllAsync(cancellationToken))
        {
            yield return report;
        }
    }
}
