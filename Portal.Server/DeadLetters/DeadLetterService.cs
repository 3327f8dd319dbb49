using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Mapping.Topics;
using Portal.Engine.Reading;
using Portal.Engine.Replay;
using Portal.Server.Audit;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Operations;
using Portal.Server.Security;
using Portal.Server.Topics;

namespace Portal.Server.DeadLetters;

/// <inheritdoc cref="IDeadLetterService"/>
internal sealed class DeadLetterService(
    IDbContextFactory<PortalDb> databases,
    DeadLetterPlaces places,
    DeadLetterTopic letters,
    DeadLetterReplay replay,
    DeadLetterOverview overview,
    IMessageReplay engine,
    OperationStart operations,
    ReplayTurns turns,
    ChangeGate gate,
    AuditTrail audit,
    TimeProvider time)
    : IDeadLetterService
{
    private const int MostExported = 10_000;
    private const long MostExportedBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task<ReadResult<DeadLetterPage>> ListAsync(string taskId, DeadLetterFilter filter, int page, int size, CancellationToken cancellationToken)
    {
        var (place, _, refusal) = await EnterToReadAsync(taskId, cancellationToken);
        if (place is null)
        {
            return ReadResult.Not<DeadLetterPage>(refusal!.Outcome, refusal.Text!);
        }

        var all = new List<DeadLetterView>();
        var reading = await ReadAsync(place, new DeadLetterFilter(), DeadLetterReach.Newest, 0, letter => all.Add(DeadLetterViews.Of(letter)), cancellationToken);
        if (reading is { Cause: { } cause, IsMissing: false })
        {
            return ReadResult.Not<DeadLetterPage>(CommandOutcome.Refused, cause);
        }

        var now = time.GetUtcNow();
        var inTime = all.FindAll(letter => DeadLetterTopic.IsInTime(letter.At, filter));
        var matching = inTime.Where(letter => Matches(letter, filter)).OrderByDescending(letter => letter.At).ThenByDescending(letter => letter.Key.Offset).ToList();
        var (first, count) = ((Math.Max(page, 1) - 1) * Math.Clamp(size, 1, 100), Math.Clamp(size, 1, 100));
        return ReadResult.Of(new DeadLetterPage
        {
            Items = [.. matching.Skip(first).Take(count)],
            Total = matching.Count,
            Figures = DeadLetterViews.Figures(matching, now),
            Groups = DeadLetterViews.Groups(inTime, filter, now),
            Topic = place.Topic,
            Unread = DeadLetterTopic.Unread(reading),
            Problems = [.. reading.Problems],
            ReadAt = now,
        });
    }

    public async Task<ReadResult<DeadLetterDetails>> FindAsync(string taskId, DeadLetterKey key, CancellationToken cancellationToken)
    {
        var (place, actor, refusal) = await EnterToReadAsync(taskId, cancellationToken);
        if (place is null)
        {
            return ReadResult.Not<DeadLetterDetails>(refusal!.Outcome, refusal.Text!);
        }

        var (letter, missing) = await FindAsync(place, key, cancellationToken);
        if (letter is null)
        {
            return ReadResult.Not<DeadLetterDetails>(missing!.Outcome, missing.Text!);
        }

        await AuditAsync(actor, "read", place, $"The dead letter at offset {key.Offset} of partition {key.Partition} of {place.Topic}");
        return ReadResult.Of(Details(place, [letter])[0]);
    }

    public async Task<ReadResult<DeadLetterDryRun>> DryRunAsync(string taskId, DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var (place, _, refusal) = await EnterToReadAsync(taskId, cancellationToken);
        if (place is null)
        {
            return ReadResult.Not<DeadLetterDryRun>(refusal!.Outcome, refusal.Text!);
        }

        var pass = 0;
        var reasons = new Dictionary<string, int>();
        var some = new List<DeadLetter>();
        var reading = await ReadAsync(place, filter, DeadLetterReach.All, int.MaxValue, letter =>
        {
            some.Add(letter);
            if (some.Count == DeadLetterReplay.Batch)
            {
                CheckSome();
            }
        }, cancellationToken);
        CheckSome();
        return reading.Cause is { } cause && !reading.IsMissing
            ? ReadResult.Not<DeadLetterDryRun>(CommandOutcome.Refused, cause)
            : ReadResult.Of(new DeadLetterDryRun(pass, reasons.Values.Sum(), [.. reasons.OrderByDescending(one => one.Value).Take(10).Select(one => one.Key)]));

        // Some hundreds at a time: payloads of all together may be more than memory holds.
        void CheckSome()
        {
            foreach (var why in WouldFail(place, some))
            {
                if (why is null)
                {
                    pass++;
                }
                else
                {
                    reasons[why] = reasons.GetValueOrDefault(why) + 1;
                }
            }

            some.Clear();
        }
    }

    public async Task<CommandResult> RetryAsync(string taskId, DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var (place, actor, refusal) = await EnterAsync("retry", taskId, cancellationToken);
        if (place is null)
        {
            return refusal!;
        }

        if (filter.Only is not [var key])
        {
            if (await UnendedAsync(taskId, cancellationToken) is { } other)
            {
                return CommandResult.Not(CommandOutcome.Refused, ReplayTurns.Refusal(other));
            }

            await AuditAsync(actor, "retry", place, $"Dead letters of {place.Topic}: {DeadLetterWords.Of(filter)}");
            var id = await operations.RunAsync(
                OperationKind.RetryDeadLetters,
                $"Send dead letters of task {place.Task.Name} again",
                [new OperationTarget(taskId, place.Task.Name)],
                actor,
                CancellationToken.None,
                JsonSerializer.Serialize(filter));
            return CommandResult.Accepted(taskId, id);
        }

        return await SendAsync(
            place, actor, key, "retry", letter => (ReplayedMessage.TryMake(letter, out var why), why, new ChangeText()), cancellationToken);
    }

    public async Task<CommandResult> EditAndRetryAsync(string taskId, DeadLetterKey key, DeadLetterEdit edit, CancellationToken cancellationToken)
    {
        var (place, actor, refusal) = await EnterAsync("edit and retry", taskId, cancellationToken);
        if (place is null)
        {
            return refusal!;
        }

        // The rules of a filter, and no wildcard: then it is a topic name (MQTT 5, section 4.7).
        var wrong = edit.MqttTopic.AsSpan().IndexOfAny('+', '#') >= 0 ? "A topic has no wildcards: + and # are for filters." : MqttTopicFilter.Check(edit.MqttTopic);
        if (wrong is not null)
        {
            return CommandResult.Invalid([new FieldError(nameof(edit.MqttTopic), wrong)]);
        }

        return await SendAsync(place, actor, key, "edit and retry", letter => (ReplayedMessage.Edited(letter, edit.MqttTopic, edit.Payload), null, new ChangeText()
            .Field("MQTT topic", letter.MqttTopic ?? "not known", edit.MqttTopic)
            .Field("Payload", DeadLetterWords.Of(letter.Record.Value ?? []), DeadLetterWords.Of(edit.Payload))), cancellationToken);
    }

    public async Task<CommandResult> DiscardAsync(string taskId, DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var (place, actor, refusal) = await EnterAsync("discard", taskId, cancellationToken);
        if (place is null)
        {
            return refusal!;
        }

        var marks = new List<DeadLetterMark>();
        var reading = await ReadAsync(
            place,
            filter,
            DeadLetterReach.All,
            0,
            letter => marks.Add(DeadLetterTopic.Mark(place.Task, place.Topic, letter.Record, DeadLetterFate.Discarded, actor.Name, time.GetUtcNow())),
            cancellationToken);
        if (marks.Count == 0)
        {
            return CommandResult.Not(
                reading.Cause is null || reading.IsMissing ? CommandOutcome.NotFound : CommandOutcome.Refused,
                reading.IsMissing ? "There is no such dead letter any more." : reading.Cause ?? "There is no such dead letter any more.");
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        audit.Add(db, actor, "discard", Subject(place), new ChangeText().Note($"{marks.Count} dead letter{(marks.Count == 1 ? "" : "s")} of {place.Topic}: {DeadLetterWords.Of(filter)}"));
        await db.SaveMarksAsync(marks, cancellationToken);
        return CommandResult.Accepted(taskId) with
        {
            Text = reading.Problems.FirstOrDefault() is { } problem ? $"{marks.Count} discarded, but not all could be read. {problem}" : $"{marks.Count} discarded.",
        };
    }

    public async Task<ReadResult<IReadOnlyList<DeadLetterDetails>>> ExportAsync(string taskId, DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var (place, actor, refusal) = await EnterToReadAsync(taskId, cancellationToken);
        if (place is null)
        {
            return ReadResult.Not<IReadOnlyList<DeadLetterDetails>>(refusal!.Outcome, refusal.Text!);
        }

        var found = new Queue<DeadLetter>();
        var bytes = 0L;
        var reading = await ReadAsync(place, filter, DeadLetterReach.Newest, int.MaxValue, letter =>
        {
            found.Enqueue(letter);
            bytes += letter.Record.ValueBytes;
            while (found.Count > MostExported || (bytes > MostExportedBytes && found.Count > 1))
            {
                bytes -= found.Dequeue().Record.ValueBytes;
            }
        }, cancellationToken);
        if (reading is { Cause: { } cause, IsMissing: false })
        {
            return ReadResult.Not<IReadOnlyList<DeadLetterDetails>>(CommandOutcome.Refused, cause);
        }

        await AuditAsync(actor, "export", place, $"{found.Count} dead letter{(found.Count == 1 ? "" : "s")} of {place.Topic}: {DeadLetterWords.Of(filter)}");
        return ReadResult.Of(Details(place, [.. found.OrderByDescending(letter => letter.At)]));
    }

    public async Task<ReadResult<IReadOnlyList<DeadLetterSummary>>> SummaryAsync(string? region, TimeWindow window, CancellationToken cancellationToken)
    {
        var (_, refusal) = await gate.EnterToReadAsync(new AuditSubject("dead letters", "", ""), cancellationToken);
        return refusal is not null
            ? ReadResult.Not<IReadOnlyList<DeadLetterSummary>>(refusal.Outcome, refusal.Text!)
            : ReadResult.Of(await overview.ReadAsync(region, window, cancellationToken));
    }

    private static AuditSubject Subject(DeadLetterPlace place) => AuditSubject.ConnectorTask(place.Task.Id, place.Task.Name);

    private static bool Matches(DeadLetterView letter, DeadLetterFilter filter) =>
        (filter.Group is null || letter.Group == filter.Group)
        && (filter.MqttTopic is not { Length: > 0 } part || letter.MqttTopic?.Contains(part, StringComparison.OrdinalIgnoreCase) == true);

    private async Task<CommandResult> SendAsync(
        DeadLetterPlace place,
        Actor actor,
        DeadLetterKey key,
        string action,
        Func<DeadLetter, (ReplayedMessage? Message, string? Why, ChangeText Change)> make,
        CancellationToken cancellationToken)
    {
        using var turn = turns.TryTake(place.Task.Id, $"one of them, by {actor.Name}", out var other);
        if (turn is null)
        {
            return CommandResult.Not(CommandOutcome.Refused, ReplayTurns.Refusal(other!));
        }

        // Not before: whoever had the turn last may have sent this one.
        var (letter, missing) = await FindAsync(place, key, cancellationToken);
        if (letter is null)
        {
            return missing!;
        }

        var (message, why, change) = make(letter);
        if (message is null)
        {
            return CommandResult.Not(CommandOutcome.Refused, why!);
        }

        // Without the caller's token: whoever closes the page has asked for it all the same.
        var result = (await engine.SendAsync(place.Spec, [message], Patience, CancellationToken.None))[0];
        if (result.IsConfirmed)
        {
            await replay.RememberAsync(place, [letter], actor.Name);
        }

        var note = change.Note($"The dead letter at offset {letter.Record.Offset} of partition {letter.Record.Partition} of {place.Topic}");
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        audit.Add(db, actor, action, Subject(place), note, result.IsConfirmed ? AuditTrail.Done : AuditTrail.Failed);
        await db.SaveChangesAsync(CancellationToken.None);
        return result.IsConfirmed
            ? CommandResult.Accepted(place.Task.Id)
            : CommandResult.Not(CommandOutcome.Refused, $"{result.Why} The dead letter waits as before.");
    }

    // A paused one counts: it goes on one day, and then both would run.
    private async Task<string?> UnendedAsync(string taskId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Operations.AsNoTracking()
            .Where(one => one.Kind == OperationKind.RetryDeadLetters && one.EndedAt == null && one.Items.Any(item => item.TargetId == taskId))
            .FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : $"operation {row.Id}, “{row.Title}”, by {row.StartedBy}{(row.State == OperationState.Paused ? ", which is paused" : "")}";
    }

    private async Task<(DeadLetter? Letter, CommandResult? Missing)> FindAsync(DeadLetterPlace place, DeadLetterKey key, CancellationToken cancellationToken)
    {
        DeadLetter? found = null;
        var reading = await letters.ReadAsync(
            place.Task, place.Spec.Sink.Kafka, place.Topic, new DeadLetterFilter { Only = [key] }, DeadLetterReach.All, int.MaxValue, letter => (found = letter) is null, cancellationToken);
        return found is not null ? (found, null)
            : reading.Cause is { } cause && !reading.IsMissing ? (null, CommandResult.Not(CommandOutcome.Refused, cause))
            : (null, CommandResult.Not(CommandOutcome.NotFound, "This dead letter does not wait any more: it was sent again, discarded, or deleted by Kafka."));
    }

    private Task<TopicReading> ReadAsync(
        DeadLetterPlace place, DeadLetterFilter filter, DeadLetterReach reach, int valueBytes, Action<DeadLetter> take, CancellationToken cancellationToken) =>
        letters.ReadAsync(place.Task, place.Spec.Sink.Kafka, place.Topic, filter, reach, valueBytes, letter =>
        {
            take(letter);
            return true;
        }, cancellationToken);

    private IReadOnlyList<DeadLetterDetails> Details(DeadLetterPlace place, IReadOnlyList<DeadLetter> some)
    {
        var failures = WouldFail(place, some);
        return [.. some.Select((letter, index) =>
        {
            var view = DeadLetterViews.Of(letter);
            return new DeadLetterDetails(view, RecordViews.Of(letter.Record), failures[index], DeadLetterViews.Kcat(place.Task.KafkaInstance, place.Topic, view.Key));
        })];
    }

    /// <summary>Why each would fail now; the mapping is compiled once for all.</summary>
    private string?[] WouldFail(DeadLetterPlace place, IReadOnlyList<DeadLetter> some)
    {
        var failures = new string?[some.Count];
        var messages = new List<(int Index, ReplayedMessage Message)>();
        for (var index = 0; index < some.Count; index++)
        {
            if (ReplayedMessage.TryMake(some[index], out failures[index]) is { } message)
            {
                messages.Add((index, message));
            }
        }

        var answers = engine.Check(place.Spec, [.. messages.Select(one => one.Message)]);
        for (var at = 0; at < messages.Count; at++)
        {
            failures[messages[at].Index] = answers[at];
        }

        return failures;
    }

    private async Task<(DeadLetterPlace? Place, Actor Actor, CommandResult? Refusal)> EnterAsync(string action, string taskId, CancellationToken cancellationToken)
    {
        var (place, missing) = await places.FindAsync(taskId, cancellationToken);
        var (actor, refusal) = await gate.EnterAsync(action, AuditSubject.ConnectorTask(taskId, place?.Task.Name ?? ""), cancellationToken);
        return refusal is not null ? (null, actor, refusal) : (place, actor, missing);
    }

    private async Task<(DeadLetterPlace? Place, Actor Actor, CommandResult? Refusal)> EnterToReadAsync(string taskId, CancellationToken cancellationToken)
    {
        var (place, missing) = await places.FindAsync(taskId, cancellationToken);
        var (actor, refusal) = await gate.EnterToReadAsync(AuditSubject.ConnectorTask(taskId, place?.Task.Name ?? ""), cancellationToken);
        return refusal is not null ? (null, actor, refusal) : (place, actor, missing);
    }

    private async Task AuditAsync(Actor actor, string action, DeadLetterPlace place, string note)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        audit.Add(db, actor, action, Subject(place), new ChangeText().Note(note));
        await db.SaveChangesAsync(CancellationToken.None);
    }
}
