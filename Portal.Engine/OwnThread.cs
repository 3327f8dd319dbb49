namespace Portal.Engine;

/// <summary>
/// Runs what blocks for seconds, as librdkafka's calls do, on a thread that ends with it. On the pool a few silent clusters would hold up
/// everything else in the process, since it grows by about one thread a second.
/// </summary>
internal static class OwnThread
{
    /// <summary>Runs it; the task ends with it.</summary>
    public static Task<T> RunAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Runs it; the task ends with it.</summary>
    public static Task RunAsync(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
