using Portal.Server.Operations;

namespace Portal.Tests.Fakes;

/// <summary>Remembers what was to be restarted.</summary>
internal sealed class FakeRollingRestart : IRollingRestart
{
    public const string OperationId = "op-fake0001";

    public List<(string Title, IReadOnlyList<string> TaskIds, string Actor)> Started { get; } = [];

    /// <summary>What was changed, for each of them.</summary>
    public List<string?> Subjects { get; } = [];

    public Task<string?> StartAsync(string title, IReadOnlyList<string> taskIds, string actor, CancellationToken cancellationToken, string? subjectId = null)
    {
        Assert.False(cancellationToken.CanBeCanceled, "What is saved is applied, whoever hangs up meanwhile");
        if (taskIds.Count == 0)
        {
            return Task.FromResult<string?>(null);
        }

        Subjects.Add(subjectId);
        Started.Add((title, taskIds, actor));
        return Task.FromResult<string?>(OperationId);
    }
}
