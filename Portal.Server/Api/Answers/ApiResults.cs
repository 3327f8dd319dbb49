using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Portal.Client.Contracts;

namespace Portal.Server.Api.Answers;

/// <summary>How answers of services become answers of HTTP: RFC 9457 problem details for everything that was not done.</summary>
internal static class ApiResults
{
    /// <summary>What a write answers that was accepted.</summary>
    /// <param name="Id">The object that was made or changed, or null.</param>
    /// <param name="OperationId">The operation that carries it out, or null.</param>
    /// <param name="OutdatedConnections">The connections whose last check says nothing any more; left out when there is none.</param>
    internal sealed record Accepted(
        string? Id,
        string? OperationId,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? OutdatedConnections = null);

    /// <summary>202 when an operation carries it out, otherwise 200.</summary>
    public static IResult Of(CommandResult result) => Of(result, created: null);

    /// <summary>201 with the place of what was made.</summary>
    public static IResult Created(CommandResult result, string collection) => Of(result, collection);

    public static IResult Found<T>(T? value, string what)
        where T : class =>
        value is null ? Problem(StatusCodes.Status404NotFound, $"There is no such {what}.") : Results.Json(value, ApiJson.Options);

    /// <summary>What was read; 502 when it is Kafka that did not give it.</summary>
    public static IResult Of<T>(ReadResult<T> result)
        where T : class => result.Outcome switch
        {
            CommandOutcome.Accepted => Results.Json(result.Value, ApiJson.Options),
            CommandOutcome.Forbidden => Problem(StatusCodes.Status403Forbidden, result.Text ?? "You may not read this."),
            CommandOutcome.NotFound => Problem(StatusCodes.Status404NotFound, result.Text ?? "There is no such object."),
            _ => Problem(StatusCodes.Status502BadGateway, result.Text ?? "Kafka did not answer."),
        };

    public static IResult Invalid(IReadOnlyList<FieldError> errors) =>
        Problem(StatusCodes.Status400BadRequest, string.Join(" ", errors.Select(error => error.Text)), errors);

    public static IResult Problem(int status, string detail, IReadOnlyList<FieldError>? errors = null)
    {
        var problem = new ProblemDetails { Status = status, Detail = detail };
        if (errors is not null)
        {
            problem.Extensions["errors"] = errors.Select(error => error with { Field = AsInJson(error.Field) });
        }

        return Results.Problem(problem);
    }

    // AutoCreate.Partitions -> autoCreate.partitions
    private static string AsInJson(string field) => string.Join('.', field.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    private static IResult Of(CommandResult result, string? created) => result.Outcome switch
    {
        CommandOutcome.Accepted => Done(new Accepted(result.Id, result.OperationId, result.OutdatedConnections is { Count: > 0 } outdated ? outdated : null), created),
        CommandOutcome.Invalid => Invalid(result.Errors),
        CommandOutcome.Forbidden => Problem(StatusCodes.Status403Forbidden, result.Text ?? "You may not do this."),
        CommandOutcome.NotFound => Problem(StatusCodes.Status404NotFound, result.Text ?? "There is no such object."),
        _ => Problem(StatusCodes.Status409Conflict, result.Text ?? "Not possible now."),
    };

    private static IResult Done(Accepted done, string? created) => (done, created) switch
    {
        ({ OperationId: { } operation }, _) => Results.Accepted($"{ApiRoutes.Root}/operations/{operation}", done),
        ({ Id: { } id }, not null) => Results.Created($"{ApiRoutes.Root}/{created}/{id}", done),
        _ => Results.Ok(done),
    };
}
