using System.Globalization;
using Portal.Client.Contracts;
using Portal.Server.Data.Entities;

namespace Portal.Server.Clusters.Rules;

/// <summary>All that is wrong with a draft of a Kafka instance, without asking Kafka.</summary>
internal static class KafkaInstanceValidator
{
    /// <param name="stored">The instance as it is, or null for a new one.</param>
    /// <param name="draft">What is to be stored.</param>
    /// <param name="regions">The codes of all regions.</param>
    /// <param name="bySandbox">Whether the server writes the address of its own Kafka, which nobody else may.</param>
    public static List<FieldError> Check(
        KafkaInstance? stored, KafkaInstanceDraft draft, IReadOnlyCollection<string> regions, bool bySandbox = false)
    {
        var errors = new List<FieldError>();
        errors.CheckName(draft.Name);
        errors.CheckDescription(draft.Description);
        errors.CheckRegion(draft.Region, regions);
        CheckServers(errors, draft.BootstrapServers);
        CheckCredentials(errors, stored, draft);
        errors.CheckCertificates(draft.CaPem, draft.ClientCertificatePem, draft.ClientKey, stored?.ClientKey is not null);
        if (!bySandbox && stored is { IsEmbedded: true }
            && (draft.BootstrapServers != stored.BootstrapServers || draft.Security != KafkaSecurityProtocol.Plaintext))
        {
            errors.Add(new FieldError(
                "BootstrapServers",
                "This is the Kafka inside the server; its address comes from the settings Sandbox:Host and Sandbox:KafkaPort, and it knows no sign-in."));
        }

        return errors;
    }

    private static void CheckServers(List<FieldError> errors, string servers)
    {
        var list = servers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (list.Length == 0)
        {
            errors.Add(new FieldError(
                "BootstrapServers", "Give at least one server as host:port, for example kafka-1:9092; separate several by commas."));
        }

        foreach (var server in list.Where(server => !IsHostAndPort(server)))
        {
            errors.Add(new FieldError("BootstrapServers", $"{server} is not host:port, for example kafka-1:9092."));
        }
    }

    private static bool IsHostAndPort(string server)
    {
        var colon = server.LastIndexOf(':');
        return colon > 0
            && Uri.CheckHostName(server[..colon]) != UriHostNameType.Unknown
            && int.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is >= 1 and <= 65535;
    }

    private static void CheckCredentials(List<FieldError> errors, KafkaInstance? stored, KafkaInstanceDraft draft)
    {
        if (draft.Security is not (KafkaSecurityProtocol.SaslPlaintext or KafkaSecurityProtocol.SaslSsl))
        {
            return;
        }

        if (string.IsNullOrEmpty(draft.UserName))
        {
            errors.Add(new FieldError("UserName", "SASL needs a user name."));
        }

        var hasPassword = draft.Password.Kind == SecretChangeKind.Replace
            ? !string.IsNullOrEmpty(draft.Password.Value)
            : draft.Password.Kind == SecretChangeKind.Keep && stored?.Password is not null;
        if (!hasPassword)
        {
            errors.Add(new FieldError("Password", "SASL needs a password."));
        }
    }
}
