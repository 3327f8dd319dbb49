namespace Portal.Tests;

/// <summary>Waits for a condition that another thread or process brings about; the deadline is only there to end a hopeless test.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, deadline);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        using var limit = new CancellationTokenSource(deadline ?? Deadline);
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, $"still not so after {deadline ?? Deadline}: {what}");
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
