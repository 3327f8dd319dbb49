using Portal.Server.Security;

namespace Portal.Server.Live.Hub;

/// <summary>A connection of the hub lives longer than the request that opened it, but no longer than the sign-in of that request.</summary>
internal static class HubSession
{
    /// <summary>Asks each minute until the connection ends; ends it when the sign-in stands no longer, or nobody can tell.</summary>
    public static async Task KeepAsync(Func<Task<bool>> stands, Action abort, TimeProvider time, CancellationToken ended)
    {
        try
        {
            using var timer = new PeriodicTimer(SecurityStamps.Interval, time);
            while (await timer.WaitForNextTickAsync(ended) && await stands())
            {
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The connection has ended by itself.
        }
        finally
        {
            abort();
        }
    }
}
