using System.Collections.Concurrent;

namespace Portal.Server.DeadLetters;

/// <summary>One replay of a task's dead letters at a time: two side by side would send the same letters twice.</summary>
internal sealed class ReplayTurns
{
    private readonly ConcurrentDictionary<string, string> _holders = new();

    /// <summary>Takes the turn of a task until it is disposed of; null, and by whom, when another has it.</summary>
    /// <param name="taskId">Whose letters.</param>
    /// <param name="by">What the next one is told.</param>
    /// <param name="other">Who has it.</param>
    public IDisposable? TryTake(string taskId, string by, out string? other)
    {
        while (!_holders.TryAdd(taskId, by))
        {
            if (_holders.TryGetValue(taskId, out other))
            {
                return null;
            }
        }

        other = null;
        return new Turn(this, taskId);
    }

    /// <summary>What is said to who comes second.</summary>
    public static string Refusal(string other) =>
        $"Dead letters of this task are being sent again already: {other}. Wait for its end, or cancel it first.";

    private sealed class Turn(ReplayTurns turns, string taskId) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                turns._holders.TryRemove(taskId, out _);
            }
        }
    }
}
