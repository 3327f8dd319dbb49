using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;
using Portal.Server.Audit;
using Portal.Server.Connections;
using Portal.Server.ConnectorTasks;
using Portal.Server.Data;
using Portal.Server.Security;

namespace Portal.Server.Api.Exports;

/// <summary>The lists as files: all rows of a filter. Open to everybody who may look, and written into the audit.</summary>
internal static class ExportApi
{
    private static readonly string[] TaskHeading =
    [
        "id", "name", "status", "cause", "asked", "region", "connection", "topics", "qos", "clients online", "clients", "kafka instance", "distribution", "topic",
        "in msg/s", "out msg/s", "received", "delivered", "dead letters", "discarded", "open", "last error", "last error at", "created", "created by", "updated", "description",
    ];

    private static readonly string[] ConnectionHeading =
        ["id", "name", "status", "cause", "type", "mqtt cluster", "endpoint", "region", "user name", "tasks", "checked", "created", "created by", "updated", "description"];

    public static void MapExports(this RouteGroupBuilder api)
    {
        api.MapGet("/tasks/export", async (
            [AsParameters] ListParameters list, TaskList tasks, ExportRecord record, TimeProvider time, CancellationToken cancellationToken, string format = ListFile<object>.Csv) =>
        {
            if (Errors(list.Errors<ConnectorTaskStatus>(ListColumns.Tasks), format) is { Count: > 0 } errors)
            {
                return ApiResults.Invalid(errors);
            }

            var rows = await tasks.AllAsync(list.Query, cancellationToken);
            await record.AddAsync("tasks", rows.Count, format, cancellationToken);
            return new ListFile<ConnectorTaskView>("tasks", format, rows, TaskHeading, Cells, time.GetUtcNow());
        });
        api.MapGet("/connections/export", async (
            [AsParameters] ListParameters list,
            IDbContextFactory<PortalDb> databases,
            ConnectionQueries connections,
            ExportRecord record,
            TimeProvider time,
            CancellationToken cancellationToken,
            string format = ListFile<object>.Csv) =>
        {
            if (Errors(list.Errors<ConnectionStatus>(ListColumns.Connections), format) is { Count: > 0 } errors)
            {
                return ApiResults.Invalid(errors);
            }

            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var rows = await connections.MatchingAsync(db, list.Query, cancellationToken);
            await record.AddAsync("connections", rows.Count, format, cancellationToken);
            return new ListFile<ConnectionView>("connections", format, rows, ConnectionHeading, Cells, time.GetUtcNow());
        });
    }

    private static IReadOnlyList<FieldError> Errors(IReadOnlyList<FieldError> ofList, string format) => format is ListFile<object>.Csv or ListFile<object>.Json
        ? ofList
        : [.. ofList, new FieldError("format", $"There is no format {format}; there are csv and json.")];

    private static IEnumerable<object?> Cells(ConnectorTaskView task) =>
    [
        task.Id, task.Settings.Name, task.Live.Status, task.Live.Cause, task.Asked, task.Region, task.ConnectionName, string.Join(' ', task.Settings.Topics), task.Settings.Qos,
        task.Live.ClientsOnline, task.Live.ClientsAsked, task.KafkaInstanceName, task.Settings.Distribution, task.Settings.Topic,
        task.Live.InPerSecond, task.Live.OutPerSecond, task.Live.Books.Received, task.Live.Books.Delivered, task.Live.Books.DeadLettered, task.Live.Books.Discarded,
        task.Live.Books.Open, task.LastError?.Text, task.LastError?.At, task.CreatedAt, task.CreatedBy, task.UpdatedAt, task.Settings.Description,
    ];

    private static IEnumerable<object?> Cells(ConnectionView connection) =>
    [
        connection.Id, connection.Name, connection.Status, connection.Cause, connection.Type, connection.MqttClusterName, connection.Endpoint, connection.Region,
        connection.UserName, connection.Tasks, connection.CheckedAt, connection.CreatedAt, connection.CreatedBy, connection.UpdatedAt, connection.Description,
    ];
}

/// <summary>Notes who took which list along.</summary>
internal sealed class ExportRecord(IDbContextFactory<PortalDb> databases, IActor actor, AuditTrail audit)
{
    public async Task AddAsync(string list, int rows, string format, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        audit.Add(
            db,
            await actor.FindAsync() ?? new Actor("nobody", ""),
            "export",
            new AuditSubject(list, "", list),
            new ChangeText().Note($"{rows} rows as {format}"));
        await db.SaveChangesAsync(cancellationToken);
    }
}
