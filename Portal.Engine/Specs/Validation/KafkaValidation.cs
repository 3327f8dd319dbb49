namespace Portal.Engine.Specs.Validation;

/// <summary>Checks a <see cref="KafkaSpec"/>.</summary>
internal static class KafkaValidation
{
    public static void Check(KafkaSpec kafka, SpecErrors errors)
    {
        var servers = kafka.BootstrapServers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        errors.Need(servers.Length > 0, nameof(kafka.BootstrapServers), "At least one bootstrap server is needed, for example broker-1:9092.");
        foreach (var server in servers)
        {
            errors.Take(nameof(kafka.BootstrapServers), HostAddress.CheckHostAndPort(server));
        }

        if (kafka.Security is KafkaSecurity.SaslPlaintext or KafkaSecurity.SaslSsl)
        {
            errors.Need(!string.IsNullOrEmpty(kafka.UserName), nameof(kafka.UserName), "SASL needs a user name.");
            errors.Need(!string.IsNullOrEmpty(kafka.Password), nameof(kafka.Password), "SASL needs a password.");
        }

        if (kafka.Security is KafkaSecurity.Ssl or KafkaSecurity.SaslSsl)
        {
            PemValidation.Check(kafka.CaPem, kafka.ClientCertificatePem, kafka.ClientKeyPem, errors);
        }
    }
}
