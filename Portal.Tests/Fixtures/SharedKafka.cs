namespace Portal.Tests.Fixtures;

/// <summary>
/// One Apache Kafka for all tests of a collection that only write and read topics of their own. Started by the first that needs it, so
/// that a machine without Kafka skips tests instead of failing collections.
/// </summary>
public sealed class SharedKafka : IAsyncLifetime
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private ApacheKafka? _kafka;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_kafka is { } kafka)
        {
            await kafka.DisposeAsync();
        }

        _gate.Dispose();
    }

    /// <summary>The node; skips the test where there is none to be had.</summary>
    internal async Task<ApacheKafka> GetAsync()
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _kafka ??= await ApacheKafka.StartAsync(new Dictionary<string, string> { ["auto.create.topics.enable"] = "true" });
        }
        finally
        {
            _gate.Release();
        }
    }
}
