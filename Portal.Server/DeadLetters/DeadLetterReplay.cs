using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Replay;
using Portal.Server.Data;
using Portal.Server.Data.Entities;

namespace Portal.Server.DeadLetters;

/// <summary>How a replay went.</summary>
/// <param name="Sent">Confirmed by Kafka and remembered.</param>
/// <param name="Refused">Refused again; they wait as before.</param>
/// <param name="Why">Why the first of those was refused, or why it ended early.</param>
/// <param name="IsComplete">Whether everything that matched was tried.</param>
/// <param name="IsStopped">Whether a person stopped it between two batches.</param>
internal readonly record struct ReplaySum(int Sent, int Refused, string? Why, bool IsComplete, bool IsStopped = false);

/// <summary>
/// Sends dead letters again, a few hundred at a time: first Kafka confirms, then the decision is remembered. Killed between the two, the
/// next attempt sends those few hundred a second time; nothing is ever remembered that is not in Kafka.
/// </summary>
internal sealed class DeadLetterReplay(IDbContextFactory<PortalDb> databases, DeadLetterTopic letters, IMessageReplay replay, TimeProvider time)
{
    public const int Batch = 500;
    private const int BatchBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="place">Where.</param>
    /// <param name="filter">Which; of each as much as is there when it begins.</param>
    /// <param name="by">In whose name.</param>
    /// <param name="progress">Told after each batch; false ends it there.</param>
    /// <param name="cancellationToken">Ends it after the batch under way.</param>
    public async Task<ReplaySum> RunAsync(DeadLetterPlace place, DeadLetterFilter filter, string by, Func<ReplaySum, Task<bool>> progress, CancellationToken cancellationToken)
    {
        var sum = new ReplaySum(0, 0, null, IsComplete: false);
        var position = new ReplayPosition();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (batch, problem) = await NextAsync(place, filter, position, cancellationToken);
            if (batch.Count == 0)
            {
                return sum with { Why = sum.Why ?? problem, IsComplete = problem is null };
            }

            var (step, ended) = await SendAsync(place, batch, by);
            sum = new ReplaySum(sum.Sent + step.Sent, sum.Refused + step.Refused, sum.Why ?? step.Why, IsComplete: false);
            if (ended)
            {
                return sum with { Why = step.Why };
            }

            if (!await progress(sum))
            {
                return sum with { IsStopped = true };
            }
        }
    }

    private async Task<(List<DeadLetter> Batch, string? Problem)> NextAsync(
        DeadLetterPlace place, DeadLetterFilter filter, ReplayPosition position, CancellationToken cancellationToken)
    {
        List<DeadLetter> batch = [];
        var bytes = 0L;
        var reading = await letters.ReadAsync(place.Task, place.Spec.Sink.Kafka, place.Topic, filter, DeadLetterReach.All, int.MaxValue, letter =>
        {
            batch.Add(letter);
            bytes += letter.Record.ValueBytes;
            return batch.Count < Batch && bytes < BatchBytes;
        }, cancellationToken, position);
        return (batch, reading.IsMissing ? null : reading.Cause ?? reading.Problems.FirstOrDefault());
    }

    // Without a token: a batch that was cut off after Kafka took it, but before that is remembered, would be sent again.
    private async Task<(ReplaySum Step, bool Ended)> SendAsync(DeadLetterPlace place, List<DeadLetter> batch, string by)
    {
        string? why = null;
        var refused = 0;
        List<(DeadLetter Letter, ReplayedMessage Message)> messages = [];
        foreach (var letter in batch)
        {
            if (ReplayedMessage.TryMake(letter, out var reason) is { } message)
            {
                messages.Add((letter, message));
            }
            else
            {
                (refused, why) = (refused + 1, why ?? reason);
            }
        }

        var results = messages.Count == 0 ? [] : await replay.SendAsync(place.Spec, [.. messages.Select(one => one.Message)], Patience, CancellationToken.None);
        await RememberAsync(place, messages.Where((_, index) => results[index].IsConfirmed).Select(one => one.Letter), by);
        var silent = results.FirstOrDefault(result => result is { IsConfirmed: false, IsRefused: false });
        var sum = new ReplaySum(
            results.Count(result => result.IsConfirmed),
            refused + results.Count(result => result.IsRefused),
            silent.Why ?? why ?? results.FirstOrDefault(result => result.IsRefused).Why,
            IsComplete: false);
        return (sum, silent.Why is not null);
    }

    /// <summary>Without a token: what Kafka has must be remembered, whoever hangs up.</summary>
    public async Task RememberAsync(DeadLetterPlace place, IEnumerable<DeadLetter> sent, string by)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        await db.SaveMarksAsync(
            [.. sent.Select(letter => DeadLetterTopic.Mark(place.Task, place.Topic, letter.Record, DeadLetterFate.SentAgain, by, time.GetUtcNow()))],
            CancellationToken.None);
    }
}
