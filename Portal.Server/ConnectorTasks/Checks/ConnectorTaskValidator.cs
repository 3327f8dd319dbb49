using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Specs;
using Portal.Server.Audit;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data;
using Portal.Server.Topics;

namespace Portal.Server.ConnectorTasks.Checks;

/// <summary>
/// All that is wrong with a draft, without asking a broker. The rules of this portal are here; those of MQTT, Kafka and the mapping are the
/// engine's, which checks the spec that the draft would become.
/// </summary>
internal sealed partial class ConnectorTaskValidator(IDbContextFactory<PortalDb> databases)
{
    public const int LongestName = 64;
    public const int LongestDescription = 128;
    public const int MostTopics = 200;
    public const int MostClients = 64;

    /// <param name="id">The task that is changed, or null for a new one.</param>
    /// <param name="draft">What is to be stored.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<FieldError>> CheckAsync(string? id, ConnectorTaskDraft draft, CancellationToken cancellationToken)
    {
        var errors = CheckDraft(draft);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (draft.Name.Length > 0 && await db.ConnectorTasks.AnyAsync(task => task.Name == draft.Name && task.Id != id, cancellationToken))
        {
            errors.Add(SaveOutcome.NameTaken(AuditSubject.ConnectorTask(id, draft.Name)));
        }

        var source = await db.Connections.Where(one => one.Id == draft.ConnectionId).Select(one => one.MqttCluster.Region).FirstOrDefaultAsync(cancellationToken);
        var target = await db.KafkaInstances.Where(one => one.Id == draft.KafkaInstanceId).Select(one => one.Region).FirstOrDefaultAsync(cancellationToken);
        CheckPlaces(errors, draft, source, target);
        return errors;
    }

    /// <summary>What can be told without the database.</summary>
    internal static List<FieldError> CheckDraft(ConnectorTaskDraft draft)
    {
        var errors = new List<FieldError>();
        CheckBasics(errors, draft);
        CheckNumbers(errors, draft);
        // Broker and Kafka are checked where they are registered; any will do here.
        var broker = new MqttBrokerSpec { Endpoints = [new MqttEndpoint(MqttTransport.Tcp, "localhost", 1883)] };
        var spec = PipelineSpecCompiler.Compile("task-00000000", 0, draft, broker, new KafkaSpec { BootstrapServers = "localhost:9092" });
        // What is said already is not said again in the engine's words; nor what follows from a name that is wrong itself.
        var said = errors.Select(error => error.Field).ToHashSet();
        var follows = said.Contains(nameof(draft.Name)) && string.IsNullOrWhiteSpace(draft.DeadLetterTopic) ? nameof(draft.DeadLetterTopic) : null;
        errors.AddRange(EngineErrors.Of(draft, spec).Where(error => !said.Contains(error.Field) && error.Field != follows));
        return errors;
    }

    private static void CheckBasics(List<FieldError> errors, ConnectorTaskDraft draft)
    {
        if (!NameRule().IsMatch(draft.Name))
        {
            errors.Add(new FieldError(nameof(draft.Name), draft.Name switch
            {
                "" => "Give the task a name.",
                { Length: > LongestName } => $"The name has {draft.Name.Length} characters; at most {LongestName} are possible.",
                _ when !char.IsAsciiLetter(draft.Name[0]) => "The name must begin with a letter from a to z.",
                _ => "The name may contain letters from a to z, digits, '-', '.' and '_' only.",
            }));
        }

        if (draft.Description.Length > LongestDescription)
        {
            errors.Add(new FieldError(nameof(draft.Description), $"The description has {draft.Description.Length} characters; at most {LongestDescription} are possible."));
        }

        if (draft.Topics.Count is 0 or > MostTopics)
        {
            errors.Add(new FieldError(nameof(draft.Topics), draft.Topics.Count == 0
                ? "Name at least one MQTT topic or filter, for example sensors/#."
                : $"There are {draft.Topics.Count} topics; at most {MostTopics} are possible. A filter with + or # covers many."));
        }
    }

    // Narrower than the engine's own bounds, where it has any.
    private static void CheckNumbers(List<FieldError> errors, ConnectorTaskDraft draft)
    {
        Range(nameof(draft.Clients), draft.Clients, 1, MostClients, "The number of clients");
        Range(nameof(draft.RetryAttempts), draft.RetryAttempts, 0, 100, "The number of retries");
        Range(nameof(draft.RetryIntervalSeconds), draft.RetryIntervalSeconds, 1, 3_600, "The retry interval in seconds");
        Range(nameof(draft.LimitMegabytesPerSecond), draft.LimitMegabytesPerSecond ?? 1, 1, 10_000, "The limit in MB a second");
        Range(nameof(draft.LimitMessagesPerSecond), draft.LimitMessagesPerSecond ?? 1, 1, 10_000_000, "The limit in messages a second");
        Range(nameof(draft.LargestRecordKilobytes), draft.LargestRecordKilobytes, 1, 900_000, "The largest record in kB");
        if (draft.AutoCreate is { } creation)
        {
            Range("AutoCreate.Partitions", creation.Partitions, 1, 1_000, "The number of partitions");
            Range("AutoCreate.RetentionHours", creation.RetentionHours ?? 1, 1, TopicDraftRules.LongestRetention, "The retention in hours");
        }

        void Range(string field, int value, int least, int most, string what)
        {
            if (value < least || value > most)
            {
                errors.Add(new FieldError(field, $"{what} must be from {least} to {most}, not {value}."));
            }
        }
    }

    private static void CheckPlaces(List<FieldError> errors, ConnectorTaskDraft draft, string? source, string? target)
    {
        if (source is null)
        {
            errors.Add(new FieldError(nameof(draft.ConnectionId), draft.ConnectionId.Length == 0
                ? "Choose the connection to read through."
                : "This connection does not exist any more. Choose another one."));
        }

        if (target is null)
        {
            errors.Add(new FieldError(nameof(draft.KafkaInstanceId), draft.KafkaInstanceId.Length == 0
                ? "Choose the Kafka instance to write to."
                : "This Kafka instance does not exist any more. Choose another one."));
        }

        if (source is not null && target is not null && source != target && !draft.AllowOtherRegion)
        {
            errors.Add(new FieldError(nameof(draft.KafkaInstanceId), $"The connection is in region {source} and the Kafka instance in {target}. Choose an instance in {source}, or allow another region: every message then travels between them."));
        }
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9._-]{0,63}$")]
    private static partial Regex NameRule();
}
