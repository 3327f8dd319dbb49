using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.ConnectorTasks.Checks;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.ConnectorTasks.Reconciling;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live.Roster;
using Portal.Server.Revisions;
using Portal.Server.Security;

namespace Portal.Server.ConnectorTasks.Commands;

/// <summary>Creates, changes and deletes tasks: stored and audited in one save, then left to the reconciler.</summary>
internal sealed class TaskSettingsCommands(
    IDbContextFactory<PortalDb> databases,
    ChangeGate gate,
    AuditTrail audit,
    ConnectorTaskValidator validator,
    TaskRoster roster,
    TaskReconciler reconciler,
    TimeProvider time)
{
    public async Task<CommandResult> CreateAsync(ConnectorTaskDraft draft, bool paused, CancellationToken cancellationToken)
    {
        draft = Tidy(draft);
        var (actor, refusal) = await gate.EnterAsync("create", AuditSubject.ConnectorTask(null, draft.Name), cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        var errors = await validator.CheckAsync(null, draft, cancellationToken);
        if (errors.Count > 0)
        {
            return CommandResult.Invalid(errors);
        }

        var now = time.GetUtcNow();
        var row = new ConnectorTask
        {
            Id = Ids.New(Ids.ConnectorTask),
            Name = draft.Name,
            ConnectionId = draft.ConnectionId,
            KafkaInstanceId = draft.KafkaInstanceId,
            Settings = draft,
            Asked = paused ? AskedState.Paused : AskedState.Running,
            CreatedAt = now,
            CreatedBy = actor.Name,
            UpdatedAt = now,
        };
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var subject = AuditSubject.ConnectorTask(row.Id, row.Name);
        db.Add(row);
        db.KeepRevision(row, actor);
        db.Add(TaskEvents.ByPerson(row.Id, TaskEvents.Command, actor.Name, now, paused ? "Created, paused" : "Created and started"));
        audit.Add(db, actor, "create", subject, SettingsText.Changes(null, draft));
        if (await db.SaveOrExplainAsync(subject, cancellationToken) is { } trouble)
        {
            return trouble;
        }

        roster.Add(new RosterEntry { Id = row.Id, Asked = row.Asked, AskedAt = now, Clients = draft.Clients });
        reconciler.Request(row.Id);
        return CommandResult.Accepted(row.Id);
    }

    public async Task<CommandResult> UpdateAsync(string id, long revision, ConnectorTaskDraft draft, CancellationToken cancellationToken)
    {
        draft = Tidy(draft);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.ConnectorTasks.SingleOrDefaultAsync(task => task.Id == id, cancellationToken);
        var subject = AuditSubject.ConnectorTask(id, row?.Name ?? draft.Name);
        var (actor, refusal) = await gate.EnterAsync("change", subject, cancellationToken);
        if (refusal is not null || row is null)
        {
            return refusal ?? Gone;
        }

        if (row.DeletingSince is not null)
        {
            return CommandResult.Not(CommandOutcome.Refused, $"Task {row.Name} is being deleted and cannot be changed any more.");
        }

        var errors = await validator.CheckAsync(id, draft, cancellationToken);
        if (errors.Count > 0)
        {
            return CommandResult.Invalid(errors);
        }

        var change = SettingsText.Changes(row.Settings, draft);
        if (change.IsEmpty)
        {
            return CommandResult.Accepted(id);
        }

        (row.Name, row.ConnectionId, row.KafkaInstanceId, row.Settings) = (draft.Name, draft.ConnectionId, draft.KafkaInstanceId, draft);
        row.UpdatedAt = time.GetUtcNow();
        db.Revise(row, revision);
        db.KeepRevision(row, actor);
        db.Add(TaskEvents.ByPerson(id, TaskEvents.Config, actor.Name, row.UpdatedAt, change.ToString()));
        subject = subject with { Name = draft.Name };
        audit.Add(db, actor, "change", subject, change);
        if (await db.SaveOrExplainAsync(subject, cancellationToken) is { } trouble)
        {
            return trouble;
        }

        roster.Change(id, entry => entry with { Clients = draft.Clients });
        reconciler.Request(id);
        return CommandResult.Accepted(id);
    }

    public async Task<CommandResult> DeleteAsync(string id, long revision, bool forgetSessions, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.ConnectorTasks.SingleOrDefaultAsync(task => task.Id == id, cancellationToken);
        var subject = AuditSubject.ConnectorTask(id, row?.Name ?? "");
        var (actor, refusal) = await gate.EnterAsync("delete", subject, cancellationToken);
        if (refusal is not null || row is null)
        {
            return refusal ?? Gone;
        }

        if (row.DeletingSince is not null && !forgetSessions)
        {
            reconciler.Request(id);
            return CommandResult.Accepted(id);
        }

        // A second attempt comes from a page that shows the task as it was: only the first may meet a newer revision.
        var seen = row.DeletingSince is null ? revision : row.Revision;
        var now = time.GetUtcNow();
        row.DeletingSince ??= now;
        db.Revise(row, seen);
        if (forgetSessions)
        {
            db.Remove(row);
        }
        else
        {
            db.Add(TaskEvents.ByPerson(id, TaskEvents.Command, actor.Name, now, "Deleted"));
        }

        audit.Add(db, actor, "delete", subject, forgetSessions ? new ChangeText().Note("Without ending its sessions at the broker") : null);
        if (await db.SaveOrExplainAsync(subject, cancellationToken) is { } trouble)
        {
            return trouble;
        }

        roster.Change(id, entry => entry with { Command = new UnderWay(ConnectorTaskStatus.Deleting, now), Trouble = null });
        reconciler.Request(id);
        return CommandResult.Accepted(id);
    }

    private static CommandResult Gone => CommandResult.Not(CommandOutcome.NotFound, "This task has been deleted.");

    /// <summary>Spaces around what was typed mean nothing; inside they are kept, as MQTT allows them.</summary>
    private static ConnectorTaskDraft Tidy(ConnectorTaskDraft draft) => draft with
    {
        Name = draft.Name.Trim(),
        Description = draft.Description.Trim(),
        Topics = [.. draft.Topics.Select(topic => topic.Trim()).Where(topic => topic.Length > 0)],
        Filter = string.IsNullOrWhiteSpace(draft.Filter) ? null : draft.Filter.Trim(),
        Topic = draft.Topic.Trim(),
        TopicTemplate = draft.TopicTemplate.Trim(),
        TopicMap = [.. draft.TopicMap.Select(row => new TopicMapEntry(row.Filter.Trim(), row.Topic.Trim()))],
        DeadLetterTopic = draft.DeadLetterTopic.Trim(),
    };
}
