using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portal.Client.Contracts;
using YamlDotNet.Serialization;

namespace Portal.Client.Wizards.ConnectorTasks;

/// <summary>
/// A task's settings as YAML, to be read, compared and kept: the names and values of the REST interface, in their own order, so that equal
/// settings are equal texts. There are no secrets in it: a task has none, and what it refers to stands by id.
/// </summary>
public static class SettingsYaml
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private static readonly ISerializer Serializer = new SerializerBuilder().WithQuotingNecessaryStrings().WithIndentedSequences().WithNewLine("\n").Build();

    /// <summary>All settings, those at their defaults too.</summary>
    public static string Of(ConnectorTaskDraft draft) => Serializer.Serialize(Plain(JsonSerializer.SerializeToNode(draft, Names))!);

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject members => members.ToDictionary(member => member.Key, member => Plain(member.Value)),
        JsonArray items => items.Select(Plain).ToList(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? whole
                : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture),
            _ => node.GetValue<string>(),
        },
    };
}
