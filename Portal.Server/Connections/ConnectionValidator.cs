using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Clusters;
using Portal.Server.Clusters.Rules;
using Portal.Server.Data;

namespace Portal.Server.Connections;

/// <summary>All that is wrong with a draft of a connection, without asking the broker.</summary>
internal static class ConnectionValidator
{
    // A UTF-8 string of MQTT has its length in two bytes (MQTT 5, section 1.5.4); real brokers do use long tokens as passwords.
    private const int LongestMqttText = 65_535;

    public static async Task<List<FieldError>> CheckAsync(
        PortalDb db, string? id, ConnectionDraft draft, CancellationToken cancellationToken)
    {
        var errors = CheckFields(draft);
        if (draft.MqttClusterId.Length > 0
            && !await db.MqttClusters.AnyAsync(cluster => cluster.Id == draft.MqttClusterId, cancellationToken))
        {
            errors.Add(new FieldError("MqttClusterId", "This MQTT cluster has been removed. Choose another one."));
        }
        else if (id is not null)
        {
            var region = await db.MqttClusters.Where(cluster => cluster.Id == draft.MqttClusterId).Select(cluster => cluster.Region).FirstOrDefaultAsync(cancellationToken);
            // Only where it moves: what is apart already must not keep somebody from mending a password.
            var tasks = await db.TasksOfConnection(id).AsNoTracking()
                .Where(task => task.Connection.MqttCluster.Region != region && task.KafkaInstance.Region != region)
                .OrderBy(task => task.Name)
                .Select(task => new { task.Name, task.Settings })
                .ToListAsync(cancellationToken);
            if (tasks.Where(task => !task.Settings.AllowOtherRegion).Select(task => task.Name).ToList() is { Count: > 0 } apart)
            {
                errors.Add(Dependants.OtherRegion("MqttClusterId", apart));
            }
        }

        if (await db.Connections.AnyAsync(other => other.Name == draft.Name && other.Id != id, cancellationToken))
        {
            errors.Add(SaveOutcome.NameTaken(AuditSubject.Connection(id, draft.Name)));
        }

        return errors;
    }

    public static List<FieldError> CheckFields(ConnectionDraft draft)
    {
        var errors = new List<FieldError>();
        errors.CheckName(draft.Name);
        errors.CheckDescription(draft.Description);
        if (draft.MqttClusterId.Length == 0)
        {
            errors.Add(new FieldError("MqttClusterId", "Choose the MQTT cluster to connect to."));
        }

        CheckMqttText(errors, "UserName", "user name", draft.UserName);
        CheckMqttText(errors, "Password", "password", draft.Password.Value ?? "");
        if (draft.UserName.Length == 0 && draft.Password is { Kind: SecretChangeKind.Replace, Value.Length: > 0 })
        {
            // MQTT 3.1.1 forbids it (MQTT-3.1.2-22), and no broker is known that wants it in 5.
            errors.Add(new FieldError("UserName", "A password needs a user name."));
        }

        return errors;
    }

    private static void CheckMqttText(List<FieldError> errors, string field, string what, string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > LongestMqttText)
        {
            errors.Add(new FieldError(field, $"The {what} is longer than the 65 535 bytes that MQTT can carry."));
        }

        if (text.Contains('\0'))
        {
            errors.Add(new FieldError(field, $"The {what} contains a null character, which MQTT forbids."));
        }
    }
}
