namespace Portal.Engine.Sinks.Topics;

/// <summary>A topic name that records were sent to, and what is known of it.</summary>
internal sealed class TopicEntry(string name)
{
    private readonly Lock _fate = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TopicHandle? _handle;
    private volatile Missing? _missing;
    private volatile bool _used = true;
    private volatile bool _named;

    public string Name { get; } = name;

    /// <summary>Set when it can be written; null while it is being looked up or refused.</summary>
    public TopicHandle? Handle => _handle;

    /// <summary>Why messages that name it are refused, or null.</summary>
    public Missing? Refusal => _missing;

    /// <summary>Whether only messages name it, so that its troubles are theirs and not the task's.</summary>
    public bool IsNamedByMessages => _named;

    /// <summary>Whether the task needs it whatever the mapping says: the dead-letter topic.</summary>
    public bool IsPinned { get; init; }

    /// <summary>Whether it is not looked up any more.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>Done when it can be written for the first time, or was dropped.</summary>
    public Task Ready => _ready.Task;

    /// <summary>How often it was looked up in vain. Counted by the loop that looks up.</summary>
    public int Failed { get; set; }

    /// <summary>How to create it when it is missing, or null.</summary>
    public Specs.TopicCreation? Creation { get; init; }

    /// <summary>Why a topic that a message names is refused, and when that was found out.</summary>
    public sealed record Missing(string Cause, long At);

    /// <summary>Notes a use. Writes only when it must: the line is shared by all senders.</summary>
    public void Touch(bool byMessage)
    {
        if (!_used)
        {
            _used = true;
        }

        if (_named != byMessage)
        {
            _named = byMessage;
        }
    }

    /// <summary>Whether it was used since the last time this was asked.</summary>
    public bool WasUsed()
    {
        var used = _used;
        _used = false;
        return used;
    }

    /// <summary>Nobody waits for it any more.</summary>
    public void Drop()
    {
        lock (_fate)
        {
            IsDropped = true;
        }

        _ready.TrySetResult();
    }

    /// <summary>Drops it unless it was opened, so that its handle has always one owner.</summary>
    public bool TryDropUnopened()
    {
        lock (_fate)
        {
            if (_handle is not null)
            {
                return false;
            }

            IsDropped = true;
        }

        _ready.TrySetResult();
        return true;
    }

    /// <summary>Takes the handle.</summary>
    /// <returns>False when it was dropped: the handle is still the caller's.</returns>
    public bool TryOpen(TopicHandle handle)
    {
        lock (_fate)
        {
            if (IsDropped)
            {
                return false;
            }

            _missing = null;
            _handle = handle;
        }

        _ready.TrySetResult();
        return true;
    }

    public void Refuse(Missing missing) => _missing = missing;

    public void LookAgain() => _missing = null;
}
