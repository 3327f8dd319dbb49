using System.Collections.Concurrent;
using System.Text;
using Portal.Engine.Mapping;
using Portal.Engine.Sinks;
using Portal.Engine.Specs;

namespace Portal.Tests.Fakes;

/// <summary>Makes one <see cref="FakeRecordSink"/> for each pipeline and keeps them.</summary>
internal sealed class FakeRecordSinkFactory : IRecordSinkFactory
{
    private readonly List<FakeRecordSink> _made = [];

    /// <summary>Whether the sinks answer each record at once.</summary>
    public bool AnswersAtOnce { get; init; } = true;

    /// <summary>What the next sinks throw at a record, or null.</summary>
    public Exception? Throws { get; set; }

    public FakeRecordSink Last => _made[^1];

    public IRecordSink Create(PipelineSpec spec, ISinkListener listener)
    {
        var sink = new FakeRecordSink(listener) { AnswersAtOnce = AnswersAtOnce, Throws = Throws };
        _made.Add(sink);
        return sink;
    }
}

/// <summary>A sink that keeps what it was given and answers when it is told to.</summary>
internal sealed class FakeRecordSink(ISinkListener listener) : IRecordSink
{
    private readonly ConcurrentQueue<DeliveryToken> _unanswered = new();
    private int _hurried;
    private int _renewed;

    public bool AnswersAtOnce { get; set; }

    public SendResult Result { get; set; }

    /// <summary>What a record is answered with, like a bug.</summary>
    public Exception? Throws { get; set; }

    public SinkState State { get; private set; } = new(SinkCondition.Ready, DateTimeOffset.UnixEpoch, null);

    public int Open => _unanswered.Count;

    public int Hurried => Volatile.Read(ref _hurried);

    public int Renewed => Volatile.Read(ref _renewed);

    public bool IsDisposed { get; private set; }

    /// <summary>How many of the next new producers are lost before anybody sends to them.</summary>
    public int StillbornRenewals { get; set; }

    /// <summary>The values that were handed over, in order.</summary>
    public ConcurrentQueue<string> Values { get; } = new();

    public SendResult Send(KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token)
    {
        if (Throws is { } bug)
        {
            throw bug;
        }

        if (Result != SendResult.Taken)
        {
            return Result;
        }

        Values.Enqueue(Encoding.UTF8.GetString(value));
        _unanswered.Enqueue(token);
        if (AnswersAtOnce)
        {
            Answer();
        }

        return SendResult.Taken;
    }

    public SendResult Refuse(KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token, string reason)
    {
        listener.OnRefusal(reason, DeliveryOutcome.DeadLettered);
        listener.OnReceipts([new SinkReceipt(token, DeliveryOutcome.DeadLettered)]);
        return SendResult.Taken;
    }

    /// <summary>Answers everything that is open, or as much as is said, the newest first when asked: Kafka keeps no order over partitions.</summary>
    public void Answer(int most = int.MaxValue, bool newestFirst = false, DeliveryOutcome outcome = DeliveryOutcome.Delivered)
    {
        var receipts = new List<SinkReceipt>();
        while (receipts.Count < most && _unanswered.TryDequeue(out var token))
        {
            receipts.Add(new SinkReceipt(token, outcome));
        }

        if (newestFirst)
        {
            receipts.Reverse();
        }

        listener.OnReceipts(receipts.ToArray());
    }

    /// <summary>Loses everything that is open, like a bug between the parts.</summary>
    public void Forget() => _unanswered.Clear();

    /// <summary>Makes known that it tries again by itself.</summary>
    public void Plan(int attempt, DateTimeOffset at)
    {
        State = State with { Attempt = attempt, NextAttemptAt = at };
        listener.OnStateChanged(State);
    }

    public bool TryNow()
    {
        var planned = State.NextAttemptAt is not null;
        State = State with { NextAttemptAt = null };
        return planned;
    }

    public void Become(SinkCondition condition, string? cause = null)
    {
        BecomeUntold(condition, cause);
        listener.OnStateChanged(State);
    }

    /// <summary>Changes the state like one whose telling came at the wrong moment.</summary>
    public void BecomeUntold(SinkCondition condition, string? cause = null) => State = new SinkState(condition, DateTimeOffset.UnixEpoch, cause);

    public void ForgetTopics()
    {
    }

    public void Hurry() => Interlocked.Increment(ref _hurried);

    public Task<bool> FlushAsync(TimeSpan limit, CancellationToken cancellationToken) => Task.FromResult(_unanswered.IsEmpty);

    public Task RenewAsync(CancellationToken cancellationToken)
    {
        _unanswered.Clear();
        Interlocked.Increment(ref _renewed);
        Become(SinkCondition.Ready);
        if (StillbornRenewals > 0)
        {
            StillbornRenewals--;
            Become(SinkCondition.Lost, "Lost again at once.");
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
