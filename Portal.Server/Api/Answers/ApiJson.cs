using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Portal.Server.Api.Answers;

/// <summary>How the REST interface and the hub write and read JSON: camel case, enums by name, nothing missing where something is needed.</summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() });

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
        // Nulls are trusted not to be there inside; so they are refused at the door.
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        // A misspelt field would otherwise be a setting that silently stays at its default.
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        return options;
    }
}
