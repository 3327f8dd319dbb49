using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;
using Portal.Server.Audit;
using Portal.Server.Connections;
using Portal.Server.ConnectorTasks;
using Portal.Server.Data;
using Portal.Server.Live;
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

    private static readonly string[] ClientHeading =
    [
        "client id", "status", "task id", "task", "connection", "region", "user name", "host", "endpoint", "protocol", "connected", "keep alive s", "clean session",
        "session expiry s", "subscriptions", "in flight", "window", "in msg/s", "out msg/s", "received", "delivered", "reconnects", "disconnected", "last error",
    ];

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
        api.MapGet("/clients/export", async (
            [AsParameters] ListParameters list, ClientList clients, ExportRecord record, TimeProvider time, CancellationToken cancellationToken, string format = ListFile<object>.Csv) =>
        {
            if (Errors(list.Errors<LiveClientStatus>(ListColumns.Clients), format) is { Count: > 0 } errors)
            {
                return ApiResults.Invalid(errors);
            }

            var rows = await clients.AllAsync(list.Query, cancellationToken);
            await record.AddAsync("clients", rows.Count, format, cancellationToken);
            return new ListFile<ClientLine>("clients", format, rows, ClientHeading, Cells, time.GetUtcNow());
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

    private static IEnumerable<object?> Cells(ClientLine line) =>
    [
        line.Client.ClientId, line.Client.Status, line.TaskId, line.TaskName, line.ConnectionName, line.Region, line.UserName, line.Client.Host, line.Client.Endpoint,
        line.Client.ProtocolVersion, line.Client.ConnectedAt, line.Client.KeepAliveSeconds, line.Client.CleanSession, line.Client.SessionExpirySeconds,
        string.Join(' ', line.Client.Subscriptions.Select(one => one.Filter)), line.Client.InFlight, line.Client.Window, line.Client.ReceivedPerSecond,
        line.Client.ConfirmedPerSecond, line.Client.Books.Received, line.Client.Books.Delivered, line.Client.Reconnects, line.Client.DisconnectedAt, line.Client.LastError,
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
