using System.Text;
using Portal.Client.Contracts;
using Portal.Engine.Mapping.Topics;
using Portal.Engine.Sampling;

namespace Portal.Server.Sampling;

/// <summary>What is wrong with a request to sample, and with messages that a person wrote.</summary>
internal static class SampleRules
{
    private const int MostTopics = 200;
    private const int LongestText = 65_535;
    private const int MostBytes = 4 * 1024 * 1024;

    public static IReadOnlyList<FieldError> Check(SampleRequest request)
    {
        var errors = new List<FieldError>();
        Need(errors, request.ConnectionId.Length > 0, nameof(request.ConnectionId), "Choose the connection to listen through.");
        Need(errors, request.Topics.Count is > 0 and <= MostTopics, nameof(request.Topics), $"Name 1 to {MostTopics} MQTT topics or filters, for example sensors/#.");
        Need(errors, request.Messages is > 0 and <= SampleOrder.MostMessages, nameof(request.Messages), $"A sample keeps 1 to {SampleOrder.MostMessages} messages, not {request.Messages}.");
        var longest = (int)SampleOrder.LongestTime.TotalSeconds;
        Need(errors, request.Seconds >= 1 && request.Seconds <= longest, nameof(request.Seconds), $"A sample listens for 1 to {longest} seconds, not {request.Seconds}.");
        foreach (var (index, filter) in request.Topics.Index())
        {
            if (MqttTopicFilter.Check(filter) is { } wrong)
            {
                errors.Add(new FieldError($"{nameof(request.Topics)}[{index}]", wrong));
            }
        }

        return errors;
    }

    public static IReadOnlyList<FieldError> Check(PreviewRequest request)
    {
        var errors = new List<FieldError>();
        Need(errors, request.Messages.Count <= SampleOrder.MostMessages, nameof(request.Messages), $"At most {SampleOrder.MostMessages} messages can be tried at once.");
        foreach (var (index, message) in request.Messages.Index())
        {
            CheckMessage(errors, $"{nameof(request.Messages)}[{index}].", message);
        }

        return errors;
    }

    private static void CheckMessage(List<FieldError> errors, string at, MessageSample message)
    {
        Need(errors, message.Topic.Length > 0, $"{at}Topic", "Name the MQTT topic of the message.");
        Need(errors, !message.Topic.AsSpan().ContainsAny("+#\0"), $"{at}Topic", "A message has a topic, not a filter: without +, # and the zero character.");
        Need(errors, IsShort(message.Topic), $"{at}Topic", $"A topic has at most {LongestText} bytes.");
        Need(errors, message.Qos is >= 0 and <= 2, $"{at}Qos", "QoS is 0, 1 or 2.");
        Need(errors, message.Payload.Length <= MostBytes, $"{at}Payload", "A message to try has at most 4 MiB.");
        Need(errors, message.PayloadFormat is null or 0 or 1, $"{at}PayloadFormat", "The payload format indicator is 0 or 1.");
        Need(errors, message.ExpirySeconds is null or (>= 0 and <= uint.MaxValue), $"{at}ExpirySeconds", $"The message expiry is 0 to {uint.MaxValue} seconds.");
        Need(errors, message.Subscriptions.All(one => one is > 0 and <= 268_435_455), $"{at}Subscriptions", "Subscription identifiers are 1 to 268435455.");
        Need(errors, IsShort(message.ContentType) && IsShort(message.ResponseTopic) && message.CorrelationData is null or { Length: <= LongestText }, $"{at}ContentType", $"Each property has at most {LongestText} bytes.");
        Need(errors, message.UserProperties.All(property => IsShort(property.Name) && IsShort(property.Value)), $"{at}UserProperties", $"Names and values of user properties have at most {LongestText} bytes.");
        Need(errors, message.UserProperties.Sum(property => property.Name.Length + property.Value.Length) <= MostBytes, $"{at}UserProperties", "The user properties have at most 4 MiB together.");
    }

    private static bool IsShort(string? text) => text is null || Encoding.UTF8.GetByteCount(text) <= LongestText;

    private static void Need(List<FieldError> errors, bool isSo, string field, string otherwise)
    {
        if (!isSo)
        {
            errors.Add(new FieldError(field, otherwise));
        }
    }
}
