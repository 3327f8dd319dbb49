using Portal.Client.Contracts;
using Portal.Server.Clusters.Rules;
using Portal.Server.Data.Entities;

namespace Portal.Tests.Server.Clusters.Rules;

public class MqttClusterValidatorTests
{
    private static readonly string[] Regions = ["local"];

    private static MqttClusterDraft Good => new()
    {
        Name = "broker",
        Region = "local",
        Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "broker.test", 1883)],
    };

    [Fact]
    public void Check_OfAGoodDraft_FindsNothing() => Assert.Empty(MqttClusterValidator.Check(null, Good, Regions));

    [Fact]
    public void Check_OfAnEmptyDraft_FindsEverythingAtOnce() =>
        Assert.Equal(["Name", "Region", "Endpoints"], Fields(new MqttClusterDraft()));

    [Theory]
    [InlineData("", 1883, null, EndpointTransport.Tcp)]
    [InlineData("mqtt://broker", 1883, null, EndpointTransport.Tcp)]
    [InlineData("broker", 0, null, EndpointTransport.Tcp)]
    [InlineData("broker", 65536, null, EndpointTransport.Tls)]
    [InlineData("broker", 8083, "mqtt", EndpointTransport.Ws)]
    public void Check_OfAWrongEndpoint_NamesIt(string host, int port, string? path, EndpointTransport transport) =>
        Assert.Equal(
            ["Endpoints[1]"], Fields(Good with { Endpoints = [.. Good.Endpoints, new ClusterEndpoint(transport, host, port, path)] }));

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("::1")]
    [InlineData("broker-1.plant.example")]
    public void Check_OfAnyHost_Accepts(string host) =>
        Assert.Empty(Fields(Good with { Endpoints = [new ClusterEndpoint(EndpointTransport.Wss, host, 8084, "/mqtt")] }));

    [Theory]
    [InlineData(" broker")]
    [InlineData("bro\nker")]
    public void Check_OfANameWithWhatNobodySees_Refuses(string name) => Assert.Equal(["Name"], Fields(Good with { Name = name }));

    [Fact]
    public void Check_OfLongTexts_SaysHowLong()
    {
        var errors = MqttClusterValidator.Check(
            null, Good with { Name = new string('n', 129), Description = new string('d', 129) }, Regions);

        Assert.All(errors, error => Assert.Contains("129", error.Text, StringComparison.Ordinal));
        Assert.Equal(["Name", "Description"], errors.Select(error => error.Field));
    }

    [Fact]
    public void Check_OfCertificates_ReadsThem()
    {
        var (certificate, key) = TestCertificate.Create();
        var (_, otherKey) = TestCertificate.Create();

        Assert.Empty(Fields(Good with { CaPem = certificate, ClientCertificatePem = certificate, ClientKey = SecretChange.Replace(key) }));
        Assert.Equal(["CaPem"], Fields(Good with { CaPem = "not a certificate" }));
        Assert.Equal(["CaPem"], Fields(Good with { CaPem = $"{certificate}\n{key}" }));
        Assert.Equal(
            ["ClientCertificatePem"],
            Fields(Good with { ClientCertificatePem = $"{certificate}\n{key}", ClientKey = SecretChange.Replace(key) }));
        Assert.Equal(["ClientKey"], Fields(Good with { ClientCertificatePem = certificate }));
        Assert.Equal(["ClientKey"], Fields(Good with { ClientCertificatePem = certificate, ClientKey = SecretChange.Replace(otherKey) }));
        Assert.Equal(
            ["ClientKey"], Fields(Good with { ClientCertificatePem = certificate, ClientKey = SecretChange.Replace("not a key") }));
        Assert.Equal(["ClientCertificatePem"], Fields(Good with { ClientKey = SecretChange.Replace(key) }));
    }

    [Fact]
    public void Check_OfTheEmbeddedBroker_LeavesKindAndAddressToTheSettings()
    {
        var stored = new MqttCluster { Id = "mqtt-embedded", Name = "b", Region = "local", Kind = MqttClusterKind.Embedded, Endpoints = Good.Endpoints, CreatedBy = "system" };

        Assert.Equal(["Kind"], Fields(Good with { Kind = MqttClusterKind.Embedded }));
        Assert.Equal(["Kind"], Fields(Good, stored));
        Assert.Equal(
            ["Endpoints"],
            Fields(Good with { Kind = MqttClusterKind.Embedded, Endpoints = [Good.Endpoints[0] with { Port = 1 }] }, stored));
        Assert.Empty(Fields(Good with { Kind = MqttClusterKind.Embedded, Name = "renamed" }, stored));
    }

    private static IEnumerable<string> Fields(MqttClusterDraft draft, MqttCluster? stored = null) =>
        MqttClusterValidator.Check(stored, draft, Regions).Select(error => error.Field);
}
