using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.Clusters.Editing;

/// <summary>
/// Opens what clusters and instances are registered, changed and tested in; a wizard opens the same dialogs and keeps what it holds.
/// </summary>
public sealed class ClusterDialogs(IClusterService clusters, IDialogService dialogs)
{
    // MudBlazor's own Esc throws away what was typed: here it presses Cancel, which asks first. A click outside closes no dialog of the console.
    private static readonly DialogOptions Guarded = new() { CloseOnEscapeKey = false };

    /// <summary>Registers an MQTT cluster; returns its id, or null when given up.</summary>
    public Task<string?> RegisterMqttAsync(string? region) => SaveMqttAsync(null, region);

    /// <summary>Registers a Kafka instance; returns its id, or null when given up.</summary>
    public Task<string?> RegisterKafkaAsync(string? region) => SaveKafkaAsync(null, region);

    /// <summary>Changes an MQTT cluster; returns its id, or null when given up.</summary>
    public Task<string?> EditAsync(MqttClusterView cluster) => SaveMqttAsync(cluster, cluster.Region);

    /// <summary>Changes a Kafka instance; returns its id, or null when given up.</summary>
    public Task<string?> EditAsync(KafkaInstanceView instance) => SaveKafkaAsync(instance, instance.Region);

    /// <summary>Tests a stored MQTT cluster.</summary>
    public Task TestAsync(MqttClusterView cluster) =>
        TestAsync(cluster.Name, stop => clusters.TestMqttClusterAsync(cluster.Id, ClusterDrafts.Of(cluster), stop));

    /// <summary>Tests a stored Kafka instance.</summary>
    public Task TestAsync(KafkaInstanceView instance) =>
        TestAsync(instance.Name, stop => clusters.TestKafkaInstanceAsync(instance.Id, ClusterDrafts.Of(instance), stop));

    private Task<string?> SaveMqttAsync(MqttClusterView? cluster, string? region) => ShowAsync<MqttClusterDialog>(
        new() { { dialog => dialog.Stored, cluster }, { dialog => dialog.Region, region } }, Guarded);

    private Task<string?> SaveKafkaAsync(KafkaInstanceView? instance, string? region) => ShowAsync<KafkaInstanceDialog>(
        new() { { dialog => dialog.Stored, instance }, { dialog => dialog.Region, region } }, Guarded);

    private Task<string?> TestAsync(string name, Func<CancellationToken, IAsyncEnumerable<ValidationReport>> run) =>
        ShowAsync<ValidationDialog>(new() { { dialog => dialog.Title, $"Test {name}" }, { dialog => dialog.Run, run } });

    private async Task<string?> ShowAsync<TDialog>(DialogParameters<TDialog> parameters, DialogOptions? options = null)
        where TDialog : Microsoft.AspNetCore.Components.ComponentBase
    {
        var dialog = await dialogs.ShowAsync<TDialog>(null, parameters, options ?? new());
        return (await dialog.Result)?.Data as string;
    }
}
