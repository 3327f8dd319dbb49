using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Clusters in memory. Lists what it is given, remembers what it is asked, answers what the test says.</summary>
internal sealed class FakeClusterService : IClusterService
{
    private readonly Channel<ValidationReport> _test = Channel.CreateUnbounded<ValidationReport>();

    public List<Region> Regions { get; } = [];

    public List<MqttClusterView> MqttClusters { get; } = [];

    public List<KafkaInstanceView> KafkaInstances { get; } = [];

    public List<KafkaTopicView> Topics { get; } = [];

    /// <summary>Why the topics cannot be listed, or null.</summary>
    public string? TopicsCause { get; set; }

    public List<DependentTask> Dependents { get; } = [];

    /// <summary>Newest first.</summary>
    public List<KafkaCheck> Checks { get; } = [];

    public List<ClusterHealth> Health { get; } = [];

    /// <summary>While set, the tasks behind cannot be read.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Each command, oldest first.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>What was tested, oldest first: the id of what is stored, if any, and the draft.</summary>
    public List<(string? Id, object Draft)> Tested { get; } = [];

    /// <summary>What was saved, oldest first: the revision that was seen, and the draft.</summary>
    public List<(long Revision, object Draft)> Saved { get; } = [];

    public CommandResult Answer { get; set; } = CommandResult.Accepted();

    public void Report(ValidationReport report) => _test.Writer.TryWrite(report);

    public Task<IReadOnlyList<Region>> RegionsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Region>>([.. Regions]);

    public Task<IReadOnlyList<MqttClusterView>> MqttClustersAsync(string? region, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<MqttClusterView>>([.. MqttClusters.Where(cluster => region is null || cluster.Region == region)]);

    public Task<IReadOnlyList<KafkaInstanceView>> KafkaInstancesAsync(string? region, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<KafkaInstanceView>>([.. KafkaInstances.Where(instance => region is null || instance.Region == region)]);

    public Task<IReadOnlyList<ClusterHealth>> HealthAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ClusterHealth>>([.. Health]);

    public Task<CommandResult> SaveMqttClusterAsync(
        string? id, long revision, MqttClusterDraft draft, bool restartTasks, CancellationToken cancellationToken) =>
        Done($"save {id ?? "new mqtt"}{(restartTasks ? " restarting" : "")}", revision, draft);

    public Task<CommandResult> SaveKafkaInstanceAsync(
        string? id, long revision, KafkaInstanceDraft draft, bool restartTasks, CancellationToken cancellationToken) =>
        Done($"save {id ?? "new kafka"}{(restartTasks ? " restarting" : "")}", revision, draft);

    public Task<CommandResult> RemoveMqttClusterAsync(string id, long revision, CancellationToken cancellationToken) =>
        Done($"remove {id}");

    public Task<CommandResult> RemoveKafkaInstanceAsync(string id, long revision, CancellationToken cancellationToken) =>
        Done($"remove {id}");

    public IAsyncEnumerable<ValidationReport> TestMqttClusterAsync(string? id, MqttClusterDraft draft, CancellationToken cancellationToken)
    {
        Tested.Add((id, draft));
        return ReportsAsync(cancellationToken);
    }

    public IAsyncEnumerable<ValidationReport> TestKafkaInstanceAsync(string? id, KafkaInstanceDraft draft, CancellationToken cancellationToken)
    {
        Tested.Add((id, draft));
        return ReportsAsync(cancellationToken);
    }

    public Task<(IReadOnlyList<KafkaTopicView> Topics, string? Cause)> TopicsAsync(string kafkaInstanceId, CancellationToken cancellationToken) =>
        Task.FromResult<(IReadOnlyList<KafkaTopicView>, string?)>(([.. Topics], TopicsCause));

    public Task<IReadOnlyList<DependentTask>> DependentTasksAsync(string clusterOrInstanceId, CancellationToken cancellationToken) =>
        Failure is null ? Task.FromResult<IReadOnlyList<DependentTask>>([.. Dependents]) : Task.FromException<IReadOnlyList<DependentTask>>(Failure);

    public Task<IReadOnlyList<KafkaCheck>?> KafkaChecksAsync(string id, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<KafkaCheck>?>([.. Checks.Take(count)]);

    private async IAsyncEnumerable<ValidationReport> ReportsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var finished = false;
        while (!finished)
        {
            var report = await _test.Reader.ReadAsync(cancellationToken);
            finished = report.Finished;
            yield return report;
        }
    }

    private Task<CommandResult> Done(string command, long revision, object draft)
    {
        Saved.Add((revision, draft));
        return Done(command);
    }

    private Task<CommandResult> Done(string command)
    {
        Commands.Add(command);
        return Task.FromResult(Answer);
    }
}
