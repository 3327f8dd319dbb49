using System.Collections.Concurrent;
using System.Threading.Channels;
using Portal.Engine.Mapping.Topics;
using Portal.Engine.Sinks.Producing;
using Portal.Engine.Specs;

namespace Portal.Engine.Sinks.Topics;

/// <summary>
/// The topics of one producer. A name is looked up in the background at its first use; until then records for it wait. One loop opens,
/// refreshes and evicts, so that handles are made and ended in one place.
/// </summary>
internal sealed class TopicDirectory : IDisposable
{
    /// <summary>How many topics a template may name before the least used are given back.</summary>
    public const int Capacity = 5000;

    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RefusedAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MissingAgain = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, TopicEntry> _entries = new();
    private readonly Channel<TopicEntry> _toOpen = Channel.CreateUnbounded<TopicEntry>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<Exception> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _examine;
    private readonly KafkaProducer _producer;
    private readonly TopicOpener _opener;
    private readonly AnswerWatch _watch;
    private readonly Action<Exception> _onBroken;
    private readonly SinkSpec _sink;
    private readonly SinkConditions _conditions;
    private readonly SinkRetries _retries;
    private readonly TimeProvider _time;
    private readonly Task _loop;
    private TopicEntry? _first;
    private volatile TopicEntry? _latest;

    /// <param name="onBroken">Told of an exception that ended the loop.</param>
    public TopicDirectory(KafkaProducer producer, SinkSetting setting, AnswerWatch watch, Action<Exception> onBroken)
    {
        _producer = producer;
        _opener = new TopicOpener(setting.Sink, setting.Creator, setting.Time);
        _watch = watch;
        _onBroken = onBroken;
        _sink = setting.Sink;
        _conditions = setting.Conditions;
        _retries = setting.Retries;
        _time = setting.Time;
        _loop = Task.Run(OpenTopicsAsync);
    }

    /// <summary>The topic that the task itself named last, or null when only its messages name topics.</summary>
    public string? Latest => _latest?.Name;

    /// <summary>Done, with the cause, when no topic is opened any more although it is not closed.</summary>
    public Task<Exception> Broken => _broken.Task;

    private bool NeedsPartitionCounts =>
        _sink.Partitioning is PartitioningRule.RoundRobin or PartitioningRule.Topic or PartitioningRule.PublisherClientId;

    /// <summary>What is known of a topic; a new name is looked up from now on. Never waits.</summary>
    public TopicEntry Find(string name, bool byMessage) => Find(name, byMessage, MissingAgain);

    /// <summary>The same, looking again for a topic that was missing longer ago than <paramref name="missingAgain"/>.</summary>
    public TopicEntry Find(string name, bool byMessage, TimeSpan missingAgain)
    {
        // Most pipelines write one topic, and the mapper hands out one string for it.
        var entry = _first;
        if (entry is null || !ReferenceEquals(entry.Name, name))
        {
            entry = _entries.TryGetValue(name, out var known) ? known : Add(name, byMessage);
        }

        entry.Touch(byMessage);
        if (!byMessage && !ReferenceEquals(_latest, entry))
        {
            _latest = entry;
        }

        if (entry.Refusal is { } missing && _time.GetElapsedTime(missing.At) > missingAgain)
        {
            entry.LookAgain();
            _toOpen.Writer.TryWrite(entry);
        }

        return entry;
    }

    /// <summary>Whether only messages name it; false for what is unknown.</summary>
    public bool IsNamedByMessages(string name) => _entries.TryGetValue(name, out var entry) && entry.IsNamedByMessages;

    /// <summary>The dead-letter topic, which the task needs whatever its mapping says. Called before any other.</summary>
    public TopicEntry Pin(string name, TopicCreation creation)
    {
        var entry = new TopicEntry(name) { IsPinned = true, Creation = creation };
        _entries[name] = entry;
        _toOpen.Writer.TryWrite(entry);
        return entry;
    }

    /// <summary>Lets go of the topics that cannot be written: if they are still wanted, a record will name them.</summary>
    public void ForgetRefused()
    {
        foreach (var entry in _entries.Values.Where(entry => entry.Handle is null && !entry.IsPinned))
        {
            if (!entry.TryDropUnopened())
            {
                continue;
            }

            _entries.TryRemove(entry.Name, out _);
            Interlocked.CompareExchange(ref _first, null, entry);
            _conditions.AcceptTopic(entry.Name);
        }

        // If Kafka is silent all the same, what is open or the next look-up will say so again.
        _conditions.Answered();
    }

    /// <summary>Ends the loop and locks every handle: when it returns, nobody is inside the producer and nobody gets in.</summary>
    public async Task<IReadOnlyList<TopicHandle>> CloseAsync()
    {
        await _closing.CancelAsync();
        await _loop;
        var handles = _entries.Values.Select(entry => entry.Handle).OfType<TopicHandle>().ToList();
        handles.ForEach(handle => handle.Close());
        return handles;
    }

    /// <summary>Asks Kafka why it may not confirm what it was sent last, and tells the watch what it says.</summary>
    public void Examine()
    {
        if (_latest is { Handle: not null } entry)
        {
            _examine = true;
            _toOpen.Writer.TryWrite(entry);
        }
    }

    /// <summary>After <see cref="CloseAsync"/>.</summary>
    public void Dispose() => _closing.Dispose();

    private TopicEntry Add(string name, bool byMessage)
    {
        var entry = new TopicEntry(name) { Creation = _sink.AutoCreate };
        entry.Touch(byMessage);
        if (!_entries.TryAdd(name, entry))
        {
            return _entries[name];
        }

        _first ??= entry;
        _toOpen.Writer.TryWrite(entry);
        return entry;
    }

    private async Task OpenTopicsAsync()
    {
        try
        {
            while (true)
            {
                if (await NextAsync() is { } entry)
                {
                    await (_examine && !entry.IsDropped && entry.Handle is { } handle ? ExamineAsync(handle) : OpenAsync(entry));
                    Evict();
                }
                else
                {
                    RefreshPartitionCounts();
                }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            // Without the loop no topic is ever opened again: the producer is of no use, and says so instead of waiting for ever.
            _broken.TrySetResult(exception);
            _onBroken(exception);
        }
    }

    /// <summary>The next name to look up, or null when it is time to look at all of them again.</summary>
    private async Task<TopicEntry?> NextAsync()
    {
        if (_toOpen.Reader.TryRead(out var entry))
        {
            return entry;
        }

        using var limit = new CancellationTokenSource(Refresh, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _closing.Token);
        try
        {
            return await _toOpen.Reader.ReadAsync(both.Token);
        }
        catch (OperationCanceledException) when (!_closing.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task OpenAsync(TopicEntry entry)
    {
        if (entry.IsDropped)
        {
            return;
        }

        if (KafkaTopicName.Check(entry.Name) is { } illegal)
        {
            Refuse(entry, illegal);
            return;
        }

        var handle = entry.Handle ?? _producer.Topic(entry.Name);
        var opened = false;
        try
        {
            int? partition = _sink.Partitioning == PartitioningRule.Fixed && !entry.IsPinned ? _sink.FixedPartition : null;
            var opening = await _opener.OpenAsync(_producer, handle, entry.Creation, partition, _closing.Token);
            switch (opening.Verdict)
            {
                case TopicVerdict.Ready:
                    opened = entry.TryOpen(handle);
                    Accept(entry);
                    break;
                case TopicVerdict.NoAnswer when entry.Handle is null:
                    _watch.SayWhy();
                    OpenLater(entry, AskAgain);
                    break;
                case TopicVerdict.Refused when entry.Handle is null:
                    _conditions.Answered();
                    Refuse(entry, opening.Cause!);
                    break;
            }
        }
        finally
        {
            if (!opened && entry.Handle is null)
            {
                handle.Free();
            }
        }
    }

    private async Task ExamineAsync(TopicHandle topic)
    {
        _examine = false;
        var answer = await TopicOpener.AskAsync(_producer, topic);
        if (answer.Error == Confluent.Kafka.ErrorCode.NoError)
        {
            _watch.Find(answer, topic.Name);
        }
    }

    private void Accept(TopicEntry entry)
    {
        _conditions.Answered();
        _conditions.AcceptTopic(entry.Name);
    }

    private void Refuse(TopicEntry entry, string cause)
    {
        if (entry.IsNamedByMessages && !entry.IsPinned)
        {
            entry.Refuse(new TopicEntry.Missing(cause, _time.GetTimestamp()));
            return;
        }

        _conditions.RefuseTopic(entry.Name, cause);
        if (entry.IsDropped)
        {
            // Forgotten while it was looked up.
            _conditions.AcceptTopic(entry.Name);
        }

        OpenLater(entry, RefusedAgain);
    }

    private void OpenLater(TopicEntry entry, TimeSpan pause)
    {
        entry.Failed++;
        _ = OpenLaterAsync(entry, pause);
    }

    private async Task OpenLaterAsync(TopicEntry entry, TimeSpan pause)
    {
        await _retries.PauseAsync(entry.Failed + 1, pause, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!entry.IsDropped)
        {
            _toOpen.Writer.TryWrite(entry);
        }
    }

    private void RefreshPartitionCounts()
    {
        if (NeedsPartitionCounts)
        {
            foreach (var entry in _entries.Values.Where(entry => entry.Handle is not null && entry.WasUsed()))
            {
                _toOpen.Writer.TryWrite(entry);
            }
        }
    }

    private void Evict()
    {
        foreach (var entry in _entries.Count > Capacity ? _entries.Values : [])
        {
            // Second chance: who was used since the last round stays, and the round ends when there is room again.
            // Refused names go too, or messages could make up names without end. One that is being looked up stays.
            var isSettled = entry.Handle is not null || entry.Refusal is not null;
            if (isSettled && !entry.IsPinned && !entry.WasUsed() && _entries.Count > Capacity * 9 / 10)
            {
                _entries.TryRemove(entry.Name, out _);
                Interlocked.CompareExchange(ref _first, null, entry);
                // It may still wait to be looked up again, which must not touch the freed handle.
                entry.Drop();
                entry.Handle?.Close();
                entry.Handle?.Free();
            }
        }
    }
}
