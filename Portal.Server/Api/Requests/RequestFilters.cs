using Portal.Client.Contracts;
using Portal.Server.Api.Answers;

namespace Portal.Server.Api.Requests;

/// <summary>What every request to the API passes before it reaches a service.</summary>
internal static class RequestFilters
{
    /// <summary>
    /// A browser sends the cookie along with whatever another site makes it send; a header of its own it adds to none of that without asking
    /// us first, and we never say yes. So a write without the header may be forged, and scripts can set it without fetching a token.
    /// </summary>
    public const string Header = "X-Portal-Request";

    public static ValueTask<object?> RefuseForgeries(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || request.Headers[Header] == "1"
            ? next(context)
            : ValueTask.FromResult<object?>(ApiResults.Problem(
                StatusCodes.Status400BadRequest, $"A request that changes something needs the header {Header}: 1. It keeps other sites from using your session."));
    }

    public static ValueTask<object?> RefuseWrongInput(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var errors = context.Arguments.OfType<IChecked>().SelectMany(part => part.Errors).ToList();
        return errors.Count == 0 ? next(context) : ValueTask.FromResult<object?>(ApiResults.Invalid(errors));
    }

    public static ValueTask<object?> RequireTask(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        RequireAsync<IConnectorTaskService>(context, next, "task", async (tasks, id, token) => await tasks.FindAsync(id, token) is not null);

    public static ValueTask<object?> RequireConnection(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        RequireAsync<IConnectionService>(context, next, "connection", async (connections, id, token) => await connections.FindAsync(id, token) is not null);

    public static ValueTask<object?> RequireMqttCluster(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        RequireAsync<IClusterService>(
            context, next, "MQTT cluster", async (clusters, id, token) => (await clusters.MqttClustersAsync(null, token)).Any(cluster => cluster.Id == id));

    public static ValueTask<object?> RequireKafkaInstance(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        RequireAsync<IClusterService>(
            context, next, "Kafka instance", async (clusters, id, token) => (await clusters.KafkaInstancesAsync(null, token)).Any(instance => instance.Id == id));

    // An empty list of what belongs to something would be taken for something that has none.
    private static async ValueTask<object?> RequireAsync<TService>(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next, string what, Func<TService, string, CancellationToken, Task<bool>> exists)
        where TService : notnull
    {
        var request = context.HttpContext;
        var service = request.RequestServices.GetRequiredService<TService>();
        return await exists(service, (string)request.GetRouteValue("id")!, request.RequestAborted)
            ? await next(context)
            : ApiResults.Found<object>(null, what);
    }
}
