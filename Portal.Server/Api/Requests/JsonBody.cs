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
            var value = await JsonSerializer.DeserializeAsync<T>(context.Request.Body, ApiJson.Options, context.RequestAborted);
            return new JsonBody<T>(value, value is null ? new FieldError("", "The body is null; send an object.") : null);
        }
        catch (JsonException wrong)
        {
            return new JsonBody<T>(null, new FieldError(Field(wrong.Path), wrong.Message));
        }
    }

    // $.topics[0] -> topics[0]
    private static string Field(string? path) => path?.TrimStart('$').TrimStart('.') ?? "";
}
