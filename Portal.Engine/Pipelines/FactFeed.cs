using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Portal.Engine.Pipelines;

/// <summary>Hands every fact to every reader. A reader has a bounded buffer that drops the oldest, and is told how many it missed.</summary>
internal sealed class FactFeed(TimeProvider time)
{
    private const int Capacity = 1024;

    private ImmutableArray<Reader> _readers = [];
    private volatile bool _isComplete;

    public void Publish(PipelineFact fact)
    {
        foreach (var reader in _readers)
        {
            reader.Channel.Writer.TryWrite(fact);
        }
    }

    /// <summary>Nothing more will be told: every reader ends after what it has not read yet.</summary>
    public void Complete()
    {
        _isComplete = true;
        foreach (var reader in _readers)
        {
            reader.Channel.Writer.TryComplete();
        }
    }

    public async IAsyncEnumerable<PipelineFact> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new Reader();
        ImmutableInterlocked.Update(ref _readers, readers => readers.Add(reader));
        if (_isComplete)
        {
            reader.Channel.Writer.TryComplete();
        }

        try
        {
            await foreach (var fact in reader.Channel.Reader.ReadAllAsync(cancellationToken))
            {
                if (reader.TakeMissed() is var missed and > 0)
                {
                    yield return new PipelineFact(
                        "", time.GetUtcNow(), PipelineFactKind.Notice, FactSeverity.Warning, $"{missed} earlier facts were missed: they came faster than they were read.");
                }

                yield return fact;
            }
        }
        finally
        {
            ImmutableInterlocked.Update(ref _readers, readers => readers.Remove(reader));
        }
    }

    private sealed class Reader
    {
        private int _missed;

        public Reader() => Channel = System.Threading.Channels.Channel.CreateBounded<PipelineFact>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _missed));

        public Channel<PipelineFact> Channel { get; }

        public int TakeMissed() => Interlocked.Exchange(ref _missed, 0);
    }
}
