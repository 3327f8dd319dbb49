using Portal.Server.Operations;

namespace Portal.Tests.Fakes;

/// <summary>Remembers what was to be restarted.</summary>
internal sealed class FakeRollingRestart : IRollingRestart
{
    public const string OperationId = "op-fake0001";

    public List<(string Title, IReadOnlyList<string> TaskIds, string Actor)> Started { get; } = [];

    public Task<string?> StartAsync(string title, IReadOnlyList<string> taskIds, string actor, CancellationToken cancellationToken)
    {
        Assert.False(cancellationToken.CanBeCanceled, "What is saved is applied, whoever hangs up meanwhile");
        if (taskIds.Count == 0)
        {
            return Task.FromResult<string?>(null);
        }

        Started.Add((title, taskIds, actor));
        return Task.FromResult<string?>(OperationId);
    }
}
