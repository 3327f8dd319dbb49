using System.Security.Cryptography.X509Certificates;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Portal.Engine.Specs;

namespace Portal.Tests.Fixtures;

/// <summary>Who may enter an <see cref="ApacheKafka"/> by its protected listeners, and how.</summary>
/// <param name="certificates">Signs the brokers' certificate and those of clients.</param>
/// <param name="users">Name and password, the same for PLAIN and both kinds of SCRAM.</param>
internal sealed class KafkaSecurityFixture(TestCertificates certificates, IReadOnlyDictionary<string, string> users)
{
    /// <summary>Lines for server.properties; writes the certificates that they name into the folder.</summary>
    public IReadOnlyDictionary<string, string> Settings(string folder)
    {
        using var certificate = certificates.Issue("127.0.0.1");
        var identity = Path.Combine(folder, "identity.pem");
        var authority = Path.Combine(folder, "authority.pem");
        File.WriteAllText(identity, $"{certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n");
        File.WriteAllText(authority, certificates.AuthorityPem);
        var settings = new Dictionary<string, string>
        {
            ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            ["super.users"] = "User:ANONYMOUS",
            ["sasl.enabled.mechanisms"] = "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
            ["listener.name.signin.plain.sasl.jaas.config"] =
                $"org.apache.kafka.common.security.plain.PlainLoginModule required {string.Join(' ', users.Select(user => $"user_{user.Key}=\"{user.Value}\""))};",
            ["listener.name.signin.scram-sha-256.sasl.jaas.config"] = "org.apache.kafka.common.security.scram.ScramLoginModule required;",
            ["listener.name.signin.scram-sha-512.sasl.jaas.config"] = "org.apache.kafka.common.security.scram.ScramLoginModule required;",
            ["listener.name.certificate.ssl.client.auth"] = "required",
        };
        foreach (var listener in (string[])["signin", "certificate"])
        {
            settings[$"listener.name.{listener}.ssl.keystore.type"] = "PEM";
            settings[$"listener.name.{listener}.ssl.keystore.location"] = identity;
            settings[$"listener.name.{listener}.ssl.truststore.type"] = "PEM";
            settings[$"listener.name.{listener}.ssl.truststore.location"] = authority;
        }

        return settings;
    }

    /// <summary>Makes the users of SCRAM; those of PLAIN stand in the settings.</summary>
    public async Task RegisterAsync(IAdminClient admin)
    {
        // One request a mechanism: Kafka refuses a user who stands in a request twice.
        foreach (var mechanism in (ScramMechanism[])[ScramMechanism.ScramSha256, ScramMechanism.ScramSha512])
        {
            await admin.AlterUserScramCredentialsAsync(users.Select(user => new UserScramCredentialUpsertion
            {
                User = user.Key,
                Password = System.Text.Encoding.UTF8.GetBytes(user.Value),
                ScramCredentialInfo = new ScramCredentialInfo { Mechanism = mechanism, Iterations = 4096 },
            }));
        }
    }

    /// <summary>How a user signs in.</summary>
    public KafkaSpec SignIn(ApacheKafka kafka, KafkaSaslMechanism mechanism, string user) => new()
    {
        BootstrapServers = kafka.SignInBootstrap,
        Security = KafkaSecurity.SaslSsl,
        Mechanism = mechanism,
        UserName = user,
        Password = users[user],
        CaPem = certificates.AuthorityPem,
    };

    /// <summary>How somebody with a certificate comes in.</summary>
    public KafkaSpec ByCertificate(ApacheKafka kafka, string name)
    {
        using var own = certificates.Issue(name);
        return new KafkaSpec
        {
            BootstrapServers = kafka.CertificateBootstrap,
            Security = KafkaSecurity.Ssl,
            CaPem = certificates.AuthorityPem,
            ClientCertificatePem = own.ExportCertificatePem(),
            ClientKeyPem = own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
        };
    }

    /// <summary>Allows a principal, for example <c>User:alice</c>, something on a topic.</summary>
    public static AclBinding Allow(string principal, string topic, AclOperation operation) => new()
    {
        Pattern = new ResourcePattern { Type = ResourceType.Topic, Name = topic, ResourcePatternType = ResourcePatternType.Literal },
        Entry = new AccessControlEntry { Principal = principal, Host = "*", Operation = operation, PermissionType = AclPermissionType.Allow },
    };
}
