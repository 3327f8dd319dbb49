using System.Text.RegularExpressions;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.Clusters.Editing.Filling;

/// <summary>Reads the settings of a Kafka client as Java and librdkafka write them, or a bare list of servers.</summary>
public static partial class KafkaProperties
{
    // What decides how to connect, and cannot be taken over from a text.
    private static readonly Dictionary<string, string> ByHand = new()
    {
        ["ssl.truststore.location"] = "The trust store stays where it is: paste its authorities as PEM below.",
        ["ssl.ca.location"] = "The file of the authorities stays where it is: paste them as PEM below.",
        ["ssl.keystore.location"] = "The key store stays where it is: paste client certificate and key as PEM below.",
        ["ssl.certificate.location"] = "The file of the client certificate stays where it is: paste it as PEM below.",
        ["ssl.key.location"] = "The file of the private key stays where it is: paste the key as PEM below.",
    };

    /// <summary>Fills servers, security and sign-in.</summary>
    public static Pasted<KafkaInstanceDraft> Read(string text, KafkaInstanceDraft draft)
    {
        var settings = Settings(text);
        var notes = new List<string>();
        if (settings.Count == 0)
        {
            if (ServerList().IsMatch(text.Trim()))
            {
                return new(draft with { BootstrapServers = text.Trim() }, []);
            }

            return new(null, ["Paste lines such as bootstrap.servers=kafka-1:9092, or a list host:port, host:port."]);
        }

        var filled = draft;
        foreach (var (name, value) in settings)
        {
            filled = Take(filled, name, value, notes);
        }

        if (filled == draft && notes.Count == 0)
        {
            return new(null, ["None of these settings says where Kafka is or how to sign in."]);
        }

        return new(filled, notes);
    }

    private static KafkaInstanceDraft Take(KafkaInstanceDraft draft, string name, string value, List<string> notes)
    {
        switch (name)
        {
            case "bootstrap.servers" or "metadata.broker.list":
                return draft with { BootstrapServers = value };
            case "security.protocol":
                if (Security(value) is { } security)
                {
                    return draft with { Security = security };
                }

                notes.Add($"security.protocol {value} is not known.");
                return draft;
            case "sasl.mechanism" or "sasl.mechanisms":
                if (Mechanism(value) is { } mechanism)
                {
                    return draft with { Mechanism = mechanism };
                }

                notes.Add($"The mechanism {value} is not offered here: PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 are.");
                return draft;
            case "sasl.username":
                return draft with { UserName = value };
            case "sasl.password":
                return draft with { Password = SecretChange.Replace(value) };
            case "sasl.jaas.config":
                var user = JaasUser().Match(value);
                var password = JaasPassword().Match(value);
                return draft with
                {
                    UserName = user.Success ? Unescape(user.Groups[1].Value) : draft.UserName,
                    Password = password.Success ? SecretChange.Replace(Unescape(password.Groups[1].Value)) : draft.Password,
                };
            case "ssl.endpoint.identification.algorithm" when value.Trim() is "" or "none":
                notes.Add("The brokers' names are checked all the same: give them a certificate for the names that you connect to.");
                return draft;
            default:
                if (ByHand.TryGetValue(name, out var note))
                {
                    notes.Add(note);
                }

                return draft;
        }
    }

    /// <summary>The lines of the text, with the continued ones (a backslash at the end) joined; comments left out.</summary>
    private static Dictionary<string, string> Settings(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Continued().Replace(text, "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = line.IndexOf('=');
            if (at > 0 && line[0] is not ('#' or '!'))
            {
                settings[line[..at].Trim().ToLowerInvariant()] = line[(at + 1)..].Trim();
            }
        }

        return settings;
    }

    private static KafkaSecurityProtocol? Security(string value) => value.ToUpperInvariant() switch
    {
        "PLAINTEXT" => KafkaSecurityProtocol.Plaintext,
        "SSL" => KafkaSecurityProtocol.Ssl,
        "SASL_PLAINTEXT" => KafkaSecurityProtocol.SaslPlaintext,
        "SASL_SSL" => KafkaSecurityProtocol.SaslSsl,
        _ => null,
    };

    private static KafkaMechanism? Mechanism(string value) => value.ToUpperInvariant() switch
    {
        "PLAIN" => KafkaMechanism.Plain,
        "SCRAM-SHA-256" => KafkaMechanism.ScramSha256,
        "SCRAM-SHA-512" => KafkaMechanism.ScramSha512,
        _ => null,
    };

    private static string Unescape(string value) => value.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    [GeneratedRegex("""\\\r?\n\s*""")]
    private static partial Regex Continued();

    [GeneratedRegex("\\busername\\s*=\\s*\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex JaasUser();

    [GeneratedRegex("\\bpassword\\s*=\\s*\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex JaasPassword();

    [GeneratedRegex("""^[^\s,:=]+:\d+(\s*,\s*[^\s,:=]+:\d+)*$""")]
    private static partial Regex ServerList();
}
