using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Contracts;
using Portal.Client.Pages.Clusters.Editing.Saving;

namespace Portal.Client.Pages.Clusters.Editing;

/// <summary>
/// Opens what clusters and instances are registered, changed and tested in; a wizard opens the same dialogs and keeps what it holds.
/// </summary>
public sealed class ClusterDialogs(IClusterService clusters, IDialogService dialogs)
{
    // MudBlazor's own Esc throws away what was typed: here it presses Cancel, which asks first. A click outside closes no dialog of the console.
    private static readonly DialogOptions Guarded = new() { CloseOnEscapeKey = false };

    /// <summary>Registers an MQTT cluster, or goes on with a draft of one; returns its id, or null when given up.</summary>
    public async Task<string?> RegisterMqttAsync(string? region, string? draftId = null) =>
        (await SaveAsync<MqttClusterDialog>(new() { { dialog => dialog.Region, region }, { dialog => dialog.DraftId, draftId } }))?.Id;

    /// <summary>Registers a Kafka instance, or goes on with a draft of one; returns its id, or null when given up.</summary>
    public async Task<string?> RegisterKafkaAsync(string? region, string? draftId = null) =>
        (await SaveAsync<KafkaInstanceDialog>(new() { { dialog => dialog.Region, region }, { dialog => dialog.DraftId, draftId } }))?.Id;

    /// <summary>Changes an MQTT cluster, or restores a revision of it; returns what was saved, or null when given up.</summary>
    public Task<SavedCluster?> EditAsync(MqttClusterView cluster, Revision<MqttClusterDraft>? restored = null) =>
        SaveAsync<MqttClusterDialog>(new() { { dialog => dialog.Stored, cluster }, { dialog => dialog.Restored, restored } });

    /// <summary>Changes a Kafka instance, or restores a revision of it; returns what was saved, or null when given up.</summary>
    public Task<SavedCluster?> EditAsync(KafkaInstanceView instance, Revision<KafkaInstanceDraft>? restored = null) =>
        SaveAsync<KafkaInstanceDialog>(new() { { dialog => dialog.Stored, instance }, { dialog => dialog.Restored, restored } });

    /// <summary>Tests a stored MQTT cluster.</summary>
    public Task TestAsync(MqttClusterView cluster) =>
        TestAsync(cluster.Name, stop => clusters.TestMqttClusterAsync(cluster.Id, ClusterDrafts.Of(cluster), stop));

    /// <summary>Tests a stored Kafka instance.</summary>
    public Task TestAsync(KafkaInstanceView instance) =>
        TestAsync(instance.Name, stop => clusters.TestKafkaInstanceAsync(instance.Id, ClusterDrafts.Of(instance), stop));

    private async Task TestAsync(string name, Func<CancellationToken, IAsyncEnumerable<ValidationReport>> run)
    {
        var parameters = new DialogParameters<ValidationDialog> { { dialog => dialog.Title, $"Test {name}" }, { dialog => dialog.Run, run } };
        var dialog = await dialogs.ShowAsync<ValidationDialog>(null, parameters);
        await dialog.Result;
    }

    private async Task<SavedCluster?> SaveAsync<TDialog>(DialogParameters<TDialog> parameters)
        where TDialog : Microsoft.AspNetCore.Components.ComponentBase
    {
        var dialog = await dialogs.ShowAsync<TDialog>(null, parameters, Guarded);
        return (await dialog.Result)?.Data as SavedCluster;
    }
}
