using System.Text;

namespace Portal.Engine.Specs.Validation;

/// <summary>Checks a <see cref="MqttBrokerSpec"/>.</summary>
internal static class BrokerValidation
{
    private const int MaxText = 65_535;

    public static void Check(MqttBrokerSpec broker, SpecErrors errors)
    {
        errors.Need(broker.Endpoints.Count > 0, nameof(broker.Endpoints), "At least one address of the broker is needed.");
        for (var i = 0; i < broker.Endpoints.Count; i++)
        {
            CheckEndpoint(broker.Endpoints[i], errors.Under($"{nameof(broker.Endpoints)}[{i}]"));
        }

        if (broker.Tls is { } tls)
        {
            PemValidation.Check(tls.CaPem, tls.ClientCertificatePem, tls.ClientKeyPem, errors.Under(nameof(broker.Tls)));
        }

        CheckText(nameof(broker.UserName), broker.UserName, errors);
        CheckText(nameof(broker.Password), broker.Password, errors);
        errors.Need(
            broker.Protocol == MqttProtocol.V5 || broker.Password is null || broker.UserName is not null,
            nameof(broker.UserName),
            "MQTT 3.1.1 allows a password only together with a user name.");
    }

    private static void CheckEndpoint(MqttEndpoint endpoint, SpecErrors errors)
    {
        errors.Take(nameof(endpoint.Host), HostAddress.CheckHost(endpoint.Host));
        errors.Between(nameof(endpoint.Port), endpoint.Port, 1, 65_535, "A port");
        errors.Need(
            endpoint.Transport is MqttTransport.Tcp or MqttTransport.Tls || endpoint.Path.StartsWith('/'),
            nameof(endpoint.Path),
            "The path of a WebSocket begins with a slash, for example /mqtt.");
    }

    private static void CheckText(string field, string? text, SpecErrors errors)
    {
        // The password stays out of the error even by its length.
        errors.Need(
            text is null || (Encoding.UTF8.GetByteCount(text) <= MaxText && !text.Contains('\0')),
            field,
            $"MQTT allows at most {MaxText} bytes here, and no zero character.");
    }
}
