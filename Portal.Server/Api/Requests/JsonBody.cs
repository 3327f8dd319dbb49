using System.Text.Json;
using Portal.Client.Contracts;
using Portal.Server.Api.Answers;

namespace Portal.Server.Api.Requests;

/// <summary>The body of a request, or what is wrong with it in words: the framework's own answer would only say "bad request".</summary>
internal sealed class JsonBody<T> : IChecked
    where T : class
{
    private readonly T? _value;

    private JsonBody(T? value, params IReadOnlyList<FieldError> errors) => (_value, Errors) = (value, errors);

    public T Value => _value ?? throw new InvalidOperationException("The filter lets no request with a wrong body through.");

    public IReadOnlyList<FieldError> Errors { get; }

    public static async ValueTask<JsonBody<T>> BindAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            return Wrong("Send the body as JSON with the header Content-Type: application/json.");
        }

        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            return body.RootElement.ValueKind == JsonValueKind.Null ? Wrong("The body is null; send an object.")
                : JsonErrors.Find(body.RootElement, typeof(T)) is { Count: > 0 } errors ? new JsonBody<T>(null, errors)
                : new JsonBody<T>(body.Deserialize<T>(ApiJson.Options));
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // Invalid: the name of a member that is no text, as half of a surrogate pair is none, is found only when it is read.
            return Wrong(wrong.Message);
        }
    }

    private static JsonBody<T> Wrong(string text) => new(null, new FieldError("", text));
}
