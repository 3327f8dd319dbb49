using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Gives the views that the test writes; maps each message to a record by <see cref="Map"/>.</summary>
internal sealed class FakeSamplingService : ISamplingService
{
    public Channel<SampleView> Views { get; } = Channel.CreateUnbounded<SampleView>();

    public List<SampleRequest> Requests { get; } = [];

    /// <summary>How many samples were ended by whoever read them.</summary>
    public int Ended { get; private set; }

    public Func<ConnectorTaskDraft, MessageSample, RecordView> Map { get; set; } = (draft, message) => new RecordView
    {
        Passes = true,
        Topic = draft.Topic.Length > 0 ? draft.Topic : null,
        Key = Encoding.UTF8.GetBytes(message.Topic),
        Partition = "by key",
        Headers = [new RecordHeader("mqtt.topic", Encoding.UTF8.GetBytes(message.Topic))],
    };

    public IReadOnlyList<FieldError> Hints { get; set; } = [];

    public async IAsyncEnumerable<SampleView> ListenAsync(SampleRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Requests.Add(request);
        try
        {
            await foreach (var view in Views.Reader.ReadAllAsync(cancellationToken))
            {
                yield return view;
                if (view.Progress == SampleProgress.Ended)
                {
                    yield break;
                }
            }
        }
        finally
        {
            Ended++;
        }
    }

    public IReadOnlyList<FieldError> Check(SampleRequest request) => [];

    public IReadOnlyList<FieldError> Check(PreviewRequest request) =>
        request.Messages[0].Topic.Length == 0 ? [new FieldError("Messages[0].Topic", "Name the MQTT topic of the message.")] : [];

    public MappingPreview Preview(PreviewRequest request) =>
        new() { Records = [.. request.Messages.Select(message => Map(request.Settings, message))], Hints = Hints };
}
