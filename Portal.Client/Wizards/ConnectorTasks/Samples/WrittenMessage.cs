using System.Text;
using Portal.Client.Contracts;

namespace Portal.Client.Wizards.ConnectorTasks.Samples;

/// <summary>A message as a person writes or pastes it, to be tried without a broker.</summary>
public sealed record WrittenMessage
{
    /// <summary>The MQTT topic.</summary>
    public string Topic { get; init; } = "";

    /// <summary>The payload as text.</summary>
    public string Payload { get; init; } = "";

    /// <summary>User properties, one a line: <c>name: value</c>.</summary>
    public string Properties { get; init; } = "";

    /// <summary>The message, received now.</summary>
    public MessageSample Sample(DateTimeOffset now) => new()
    {
        Topic = Topic.Trim(),
        Payload = Encoding.UTF8.GetBytes(Payload),
        ReceivedAt = now,
        UserProperties = [.. Lines().Select(line => new NamedText(line[..Colon(line)].Trim(), line[(Colon(line) + 1)..].Trim()))],
    };

    /// <summary>What cannot be read; the rules of MQTT are the service's.</summary>
    public IReadOnlyList<FieldError> Errors() =>
    [
        .. Properties.Split('\n').Index().Where(line => line.Item.Trim().Length > 0 && Colon(line.Item) < 0).Select(line =>
            new FieldError("UserProperties", $"Line {line.Index + 1} has no colon: write name: value.")),
    ];

    private IEnumerable<string> Lines() => Properties.Split('\n').Where(line => Colon(line) >= 0);

    // Behind the first character: the names of properties may begin with anything, a colon too.
    private static int Colon(string line) => line.Length < 2 ? -1 : line.IndexOf(':', 1);
}
