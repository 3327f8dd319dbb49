using Portal.Client.Components.Feedback;
using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.Clusters;

/// <summary>Deletes the registration of a cluster or an instance, from its row or from its page, after its name was typed.</summary>
public sealed class ClusterRemoval(IClusterService clusters, Confirmations confirmations, Notices notices)
{
    /// <summary>Why it cannot be deleted now, or null.</summary>
    public static string? InUse(MqttClusterView cluster) => cluster.Connections switch
    {
        0 => null,
        1 => "1 connection signs in to it. Delete it or bind it to another cluster first.",
        var many => $"{Numbers.Count(many)} connections sign in to it. Delete them or bind them to another cluster first.",
    };

    /// <summary>Why it cannot be deleted now, or null.</summary>
    public static string? InUse(KafkaInstanceView instance) => instance.Tasks switch
    {
        0 => null,
        1 => "1 task writes to it. Delete it or give it another instance first.",
        var many => $"{Numbers.Count(many)} tasks write to it. Delete them or give them another instance first.",
    };

    /// <summary>True when it is gone.</summary>
    public Task<bool> RemoveAsync(MqttClusterView cluster, CancellationToken cancellationToken) => RemoveAsync(
        $"MQTT cluster {cluster.Name}", cluster.Name, () => clusters.RemoveMqttClusterAsync(cluster.Id, cluster.Revision, cancellationToken));

    /// <summary>True when it is gone.</summary>
    public Task<bool> RemoveAsync(KafkaInstanceView instance, CancellationToken cancellationToken) => RemoveAsync(
        $"Kafka instance {instance.Name}", instance.Name, () => clusters.RemoveKafkaInstanceAsync(instance.Id, instance.Revision, cancellationToken));

    private async Task<bool> RemoveAsync(string what, string name, Func<Task<CommandResult>> remove)
    {
        var verb = $"Delete {what}";
        var sure = await confirmations.DestroyAsync(
            $"{verb}?",
            "Only its registration here is deleted, with the certificates and passwords that belong to it; the servers themselves are not touched.",
            verb,
            name);
        return sure && notices.Show(await remove(), verb, $"{what} deleted");
    }
}
