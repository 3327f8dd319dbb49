using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portal.Client.Contracts;
using Portal.Server.Api.Answers;

namespace Portal.Server.Api.Requests;

/// <summary>All that keeps a body from being read, each with its place. The serializer stops at the first, and names .NET types.</summary>
internal static class JsonErrors
{
    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(string)] = "a text in quotes",
        [typeof(bool)] = "true or false",
        [typeof(int)] = "a whole number",
        [typeof(long)] = "a whole number",
        [typeof(double)] = "a number",
        [typeof(TimeSpan)] = "a duration such as \"00:00:30\"",
        [typeof(DateTimeOffset)] = "a time such as \"2026-01-31T08:00:00Z\"",
        [typeof(byte[])] = "bytes as base64 in quotes",
    };

    // More help nobody, and a list of a million wrong numbers must not become an answer of a million lines.
    private const int Most = 100;

    public static List<FieldError> Find(JsonElement body, Type type)
    {
        var errors = new List<FieldError>();
        Look(body, ApiJson.Options.GetTypeInfo(type), "", errors);
        return errors;
    }

    private static void Look(JsonElement element, JsonTypeInfo type, string place, List<FieldError> errors)
    {
        if (errors.Count >= Most)
        {
            return;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                LookAtMembers(element, type, place, errors);
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array:
                foreach (var (index, item) in element.EnumerateArray().Index())
                {
                    LookAtValue(item, type.ElementType!, mayBeNull: false, $"{place}[{index}]", errors);
                }

                break;
            default:
                if (!CanRead(element, type.Type))
                {
                    errors.Add(new FieldError(place, $"Expected {Wanted(type)}, not {Shown(element)}."));
                }

                break;
        }
    }

    private static void LookAtMembers(JsonElement element, JsonTypeInfo type, string place, List<FieldError> errors)
    {
        var known = type.Properties.ToDictionary(member => member.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var member in element.EnumerateObject())
        {
            if (known.Remove(member.Name, out var property))
            {
                LookAtValue(member.Value, property.PropertyType, property.IsSetNullable, Join(place, property.Name), errors);
            }
            else if (errors.Count < Most && !type.Properties.Any(one => one.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase)))
            {
                errors.Add(new FieldError(Join(place, member.Name), $"There is no such field; there are {string.Join(", ", type.Properties.Select(one => one.Name))}."));
            }
        }

        errors.AddRange(known.Values.Where(IsNeeded).Select(member => new FieldError(Join(place, member.Name), "This field is needed.")));
    }

    private static void LookAtValue(JsonElement value, Type type, bool mayBeNull, string place, List<FieldError> errors)
    {
        if (value.ValueKind != JsonValueKind.Null)
        {
            Look(value, ApiJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type), place, errors);
        }
        else if (!mayBeNull && errors.Count < Most)
        {
            errors.Add(new FieldError(place, "This is null; leave it out or give it a value."));
        }
    }

    private static bool IsNeeded(JsonPropertyInfo member) =>
        member.IsRequired || member.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false };

    private static bool CanRead(JsonElement element, Type type)
    {
        try
        {
            _ = element.Deserialize(type, ApiJson.Options);
            return true;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string Wanted(JsonTypeInfo type) =>
        type.Type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type.Type).Select(name => $"\"{name}\""))}"
        : Words.TryGetValue(type.Type, out var words) ? words
        : type.Kind == JsonTypeInfoKind.Enumerable ? "a list in brackets"
        : "an object in braces";

    private static string Shown(JsonElement element)
    {
        const int Longest = 40;
        var text = element.GetRawText();
        return text.Length <= Longest ? text : $"{text[..Longest]}…";
    }

    private static string Join(string place, string name) => place.Length == 0 ? name : $"{place}.{name}";
}
