using Portal.Client.Contracts;
using Portal.Server.Data.Entities;

namespace Portal.Server.Clusters.Rules;

/// <summary>All that is wrong with a draft of an MQTT cluster, without asking the broker.</summary>
internal static class MqttClusterValidator
{
    /// <param name="stored">The cluster as it is, or null for a new one.</param>
    /// <param name="draft">What is to be stored.</param>
    /// <param name="regions">The codes of all regions.</param>
    /// <param name="bySandbox">Whether the server registers its own broker, which nobody else may.</param>
    public static List<FieldError> Check(
        MqttCluster? stored, MqttClusterDraft draft, IReadOnlyCollection<string> regions, bool bySandbox = false)
    {
        var errors = new List<FieldError>();
        errors.CheckName(draft.Name);
        errors.CheckDescription(draft.Description);
        errors.CheckRegion(draft.Region, regions);
        if (draft.Endpoints.Count == 0)
        {
            errors.Add(new FieldError("Endpoints", "Give at least one endpoint, for example tcp://broker:1883."));
        }

        for (var i = 0; i < draft.Endpoints.Count; i++)
        {
            CheckEndpoint(errors, $"Endpoints[{i}]", draft.Endpoints[i]);
        }

        errors.CheckCertificates(draft.CaPem, draft.ClientCertificatePem, draft.ClientKey, stored?.ClientKey is not null);
        if (!string.IsNullOrEmpty(draft.ServerName) && Uri.CheckHostName(draft.ServerName) == UriHostNameType.Unknown)
        {
            errors.Add(new FieldError("ServerName", $"{draft.ServerName} is not a host name."));
        }

        if (!bySandbox)
        {
            CheckKind(errors, stored, draft);
        }

        return errors;
    }

    private static void CheckEndpoint(List<FieldError> errors, string field, ClusterEndpoint endpoint)
    {
        if (Uri.CheckHostName(endpoint.Host) == UriHostNameType.Unknown)
        {
            errors.Add(new FieldError(field, endpoint.Host.Length == 0
                ? "Give the host name or IP address of the broker."
                : $"{endpoint.Host} is neither a host name nor an IP address. Scheme, port and path have fields of their own."));
        }

        if (endpoint.Port is < 1 or > 65535)
        {
            errors.Add(
                new FieldError(field, $"Port {endpoint.Port} does not exist; ports are 1 to 65535. MQTT usually has 1883, with TLS 8883."));
        }

        if (endpoint.Transport is EndpointTransport.Ws or EndpointTransport.Wss && endpoint.Path is { Length: > 0 } path && path[0] != '/')
        {
            errors.Add(new FieldError(field, $"The path {path} must begin with /, for example /mqtt."));
        }
    }

    private static void CheckKind(List<FieldError> errors, MqttCluster? stored, MqttClusterDraft draft)
    {
        var isSandbox = stored?.Kind == MqttClusterKind.Embedded;
        if (isSandbox != (draft.Kind == MqttClusterKind.Embedded))
        {
            errors.Add(new FieldError(
                "Kind",
                isSandbox
                    ? "This is the broker inside the server; its kind cannot change."
                    : "Only the broker inside the server is embedded."));
        }
        else if (isSandbox && !draft.Endpoints.SequenceEqual(stored!.Endpoints))
        {
            errors.Add(new FieldError(
                "Endpoints",
                "This is the broker inside the server; its address comes from the settings Sandbox:Host and Sandbox:MqttPort."));
        }
    }
}
