using System.Text.RegularExpressions;
using Portal.Client.Contracts;
using Portal.Engine.Specs;

namespace Portal.Server.ConnectorTasks.Checks;

/// <summary>What the engine finds wrong with a spec, told with the fields of the draft that it was compiled from.</summary>
internal static partial class EngineErrors
{
    public static IEnumerable<FieldError> Of(ConnectorTaskDraft draft, PipelineSpec spec)
    {
        var errors = PipelineSpecValidator.Validate(spec).Select(error => new FieldError(Field(draft, error.Field), error.Text, Place(error.Syntax))).ToList();
        // The name of a dead-letter topic that nobody typed follows from others; what is wrong with those is said there.
        return string.IsNullOrWhiteSpace(draft.DeadLetterTopic) && errors.Exists(error => error.Field == nameof(draft.Topic))
            ? errors.Where(error => error.Field != nameof(draft.DeadLetterTopic))
            : errors;
    }

    /// <summary>The member of the draft that a member of the spec was compiled from.</summary>
    internal static string Field(ConnectorTaskDraft draft, string field) => field switch
    {
        "Mapping.Topics.Text" => draft.Distribution == DistributionPolicy.Template ? nameof(draft.TopicTemplate) : nameof(draft.Topic),
        "Sink.AutoCreate.Retention" => "AutoCreate.RetentionHours",
        "Limits.BytesPerSecond" => nameof(draft.LimitMegabytesPerSecond),
        "Limits.MessagesPerSecond" => nameof(draft.LimitMessagesPerSecond),
        "Sink.MaxMessageBytes" => nameof(draft.LargestRecordKilobytes),
        "Delivery.RetryInterval" => nameof(draft.RetryIntervalSeconds),
        _ => Parts().Replace(field.Replace("Source.Group.Filters", "Topics").Replace("Mapping.Topics.Rows", "TopicMap"), ""),
    };

    private static TextPlace? Place(SyntaxError? error) => error is null ? null : new TextPlace(error.Position, error.Length);

    [GeneratedRegex(@"^(Source|Mapping|Sink|Delivery)\.")]
    private static partial Regex Parts();
}
