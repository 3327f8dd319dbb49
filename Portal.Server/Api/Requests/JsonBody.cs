using System.Text.Json;
using Portal.Client.Contracts;
using Portal.Server.Api.Answers;

namespace Portal.Server.Api.Requests;

/// <summary>The body of a request, or what is wrong with it in words: the framework's own answer would only say "bad request".</summary>
internal sealed class JsonBody<T> : IChecked
    where T : class
{
    private readonly T? _value;

    private JsonBody(T? value, FieldError? error) => (_value, Error) = (value, error);

    public T Value => _value ?? throw new InvalidOperationException("The filter lets no request with a wrong body through.");

    public FieldError? Error { get; }

    public static async ValueTask<JsonBody<T>> BindAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            return new JsonBody<T>(null, new FieldError("", "Send the body as JSON with the header Content-Type: application/json."));
        }

        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            // The serializer knows which members may be null, but not which elements of a list.
            if (NullInList(body.RootElement, "", inList: false) is { } place)
            {
                return new JsonBody<T>(null, new FieldError(place, "This element is null; leave it out or give it a value."));
            }

            var value = body.Deserialize<T>(ApiJson.Options);
            return new JsonBody<T>(value, value is null ? new FieldError("", "The body is null; send an object.") : null);
        }
        catch (JsonException wrong)
        {
            return new JsonBody<T>(null, new FieldError(Field(wrong.Path), wrong.Message));
        }
        catch (InvalidOperationException wrong)
        {
            // The name of a member that is no text, as half of a surrogate pair is none, is found only when it is read.
            return new JsonBody<T>(null, new FieldError("", wrong.Message));
        }
    }

    private static string? NullInList(JsonElement element, string path, bool inList) => element.ValueKind switch
    {
        JsonValueKind.Null => inList ? path : null,
        JsonValueKind.Array => element.EnumerateArray()
            .Select((item, index) => NullInList(item, $"{path}[{index}]", inList: true))
            .FirstOrDefault(place => place is not null),
        JsonValueKind.Object => element.EnumerateObject()
            .Select(member => NullInList(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", inList: false))
            .FirstOrDefault(place => place is not null),
        _ => null,
    };

    // $.topics[0] -> topics[0]
    private static string Field(string? path) => path?.TrimStart('$').TrimStart('.') ?? "";
}
