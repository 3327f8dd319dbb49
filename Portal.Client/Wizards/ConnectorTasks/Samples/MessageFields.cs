using System.Globalization;
using Portal.Client.Components.Records;
using Portal.Client.Contracts;

namespace Portal.Client.Wizards.ConnectorTasks.Samples;

/// <summary>What a message carries beside topic and payload, line by line.</summary>
internal static class MessageFields
{
    public static IEnumerable<NamedText> Of(MessageSample message)
    {
        (string Name, string? Value)[] fields =
        [
            ("content type", message.ContentType),
            ("response topic", message.ResponseTopic),
            ("correlation", message.CorrelationData is { } data ? PayloadText.Line(data, 200) : null),
            ("expires in", message.ExpirySeconds is { } seconds ? $"{seconds.ToString(CultureInfo.InvariantCulture)} s" : null),
            ("format", message.PayloadFormat switch { 1 => "UTF-8 text", 0 => "bytes", _ => null }),
            ("subscriptions", message.Subscriptions.Count > 0 ? string.Join(", ", message.Subscriptions) : null),
        ];
        return fields.Where(field => field.Value is not null).Select(field => new NamedText(field.Name, field.Value!)).Concat(message.UserProperties);
    }
}
