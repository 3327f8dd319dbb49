using Portal.Client.Contracts;

namespace Portal.Client.Wizards.ConnectorTasks.Samples;

/// <summary>
/// Messages on the bench beside the settings that are being typed: sampled ones and one that a person wrote, each with the record that it
/// would become. An edited mapping is tried on what lies here; nothing is sampled again.
/// </summary>
/// <param name="service">Maps messages.</param>
public sealed class SampleBench(ISamplingService service)
{
    private MessageSample? _chosen;

    /// <summary>The last that was told of the sample, or null before the first.</summary>
    public SampleView? Sample { get; private set; }

    /// <summary>The message that a person wrote, or null.</summary>
    public MessageSample? Written { get; private set; }

    /// <summary>The messages: the written one first, then the newest.</summary>
    public IReadOnlyList<MessageSample> Messages { get; private set; } = [];

    /// <summary>The record of each message.</summary>
    public IReadOnlyList<RecordView> Records { get; private set; } = [];

    /// <summary>Names in the filter that no message has.</summary>
    public IReadOnlyList<FieldError> Hints { get; private set; } = [];

    /// <summary>Which message is looked at.</summary>
    public int Chosen { get; private set; }

    /// <summary>Whether the newest is looked at, whichever that is.</summary>
    public bool FollowsNewest => _chosen is null;

    /// <summary>How many the filter lets pass; null while it has an error.</summary>
    public int? Passing => Records.Any(record => record.Passes is null) ? null : Records.Count(record => record.Passes == true);

    /// <summary>How many of those that pass cannot be mapped.</summary>
    public int Failing => Records.Count(record => record is { Passes: not false, Failure: not null });

    /// <summary>Takes a report of the running sample.</summary>
    public void Take(SampleView sample)
    {
        Sample = sample;
        Lay();
    }

    /// <summary>Puts a message that a person wrote on the bench, in the place of the last one, and looks at it.</summary>
    public void Write(MessageSample message)
    {
        Written = _chosen = message;
        Lay();
    }

    /// <summary>Takes the written message away.</summary>
    public void TakeBack()
    {
        Written = null;
        Lay();
    }

    /// <summary>Looks at one message; null follows the newest.</summary>
    public void Choose(int? index)
    {
        _chosen = index is { } at && at < Messages.Count ? Messages[at] : null;
        Lay();
    }

    /// <summary>Tries settings on the messages.</summary>
    /// <param name="settings">As they are typed.</param>
    /// <param name="partitions">How many partitions topics have, as far as it is known.</param>
    public void Try(ConnectorTaskDraft settings, IReadOnlyDictionary<string, int> partitions)
    {
        var preview = service.Preview(new PreviewRequest { Settings = settings, Messages = Messages, Partitions = partitions });
        (Records, Hints) = (preview.Records, preview.Hints);
    }

    private void Lay()
    {
        Messages = [.. Written is null ? [] : new[] { Written }, .. Sample?.Messages ?? []];
        Records = [];
        Hints = [];
        var index = _chosen is null ? -1 : Messages.ToList().FindIndex(message => IsSame(message, _chosen));
        if (index < 0)
        {
            // The newest follows the written one; what was looked at has made room.
            (_chosen, index) = (null, Written is not null && Messages.Count > 1 ? 1 : 0);
        }

        Chosen = index;
    }

    // Each report brings the messages anew.
    private static bool IsSame(MessageSample one, MessageSample other) =>
        ReferenceEquals(one, other)
        || (one.ReceivedAt == other.ReceivedAt && one.Topic == other.Topic && one.Payload.AsSpan().SequenceEqual(other.Payload));
}
