namespace Portal.Engine.Sampling;

/// <summary>
/// Chooses which messages of a sample are kept. When there are too many, the oldest of the topic that has most makes room: so a busy
/// topic does not push out the only message of a quiet one. Not thread-safe.
/// </summary>
internal sealed class SampleKeep(int most, int mostBytes)
{
    private readonly List<SampledMessage> _kept = new(most);
    private int _bytes;

    public bool IsFull => _kept.Count == most;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<SampledMessage> Newest => [.. Enumerable.Reverse(_kept)];

    public void Add(SampledMessage message)
    {
        if (message.Size > mostBytes)
        {
            return;
        }

        while (_kept.Count == most || _bytes > mostBytes - message.Size)
        {
            Remove(_kept.GroupBy(kept => kept.Topic).MaxBy(topic => topic.Count())!.First());
        }

        _kept.Add(message);
        _bytes += message.Size;
    }

    private void Remove(SampledMessage message)
    {
        _kept.Remove(message);
        _bytes -= message.Size;
    }
}
