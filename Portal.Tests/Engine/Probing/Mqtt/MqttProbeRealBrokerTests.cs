using Portal.Engine.Probing;
using Portal.Engine.Specs;
using Portal.Tests.Fixtures;
using Portal.Tests.Sandbox.Mqtt;

namespace Portal.Tests.Engine.Probing.Mqtt;

public sealed class MqttProbeRealBrokerTests
{
    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task Mosquitto_WithTheRightPassword_IsProved(MqttProtocol protocol)
    {
        await using var broker = await MosquittoBroker.StartAsync();

        AssertProved(await ProbeRun.ToEndAsync(ProbeRun.At(broker.Port, protocol)));
    }

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task Mosquitto_WithAWrongPassword_IsNotSureWhatIsWrong(MqttProtocol protocol)
    {
        await using var broker = await MosquittoBroker.StartAsync();

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(broker.Port, protocol) with { Password = "wrong" });

        Assert.Equal(("sign-in", "not-authorised"), (report.Failure().Name, report.Failure().Code));
        Assert.Contains("wrong password", report.Failure().Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mosquitto_WithTls_IsProvedAndEachMixUpIsNamed()
    {
        using var root = new TestCertificates();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Certificate = root.Issue("127.0.0.1") });
        var secure = ProbeRun.At(broker.TlsPort, transport: MqttTransport.Tls) with { Tls = new TlsSpec { CaPem = root.AuthorityPem } };

        AssertProved(await ProbeRun.ToEndAsync(secure));
        Assert.Equal("tls-port", (await ProbeRun.ToEndAsync(ProbeRun.At(broker.TlsPort))).Failure().Code);
        Assert.Equal("plain-port", (await ProbeRun.ToEndAsync(secure with { Endpoints = [secure.Endpoints[0] with { Port = broker.Port }] })).Failure().Code);
    }

    [Fact]
    public async Task Mosquitto_WithoutARightOnTheProbeTopic_CannotBeTold()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Acl = ["user tester", "topic readwrite plant/#"] });

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(broker.Port));

        Assert.True(report.Passed);
        Assert.Equal("untold", report.Step("verdict").Code);
    }

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task Sandbox_WithTheRightPassword_IsProvedAndKeepsNoSession(MqttProtocol protocol)
    {
        await using var broker = await TestBroker.StartAsync();

        AssertProved(await ProbeRun.ToEndAsync(ProbeRun.At(broker.Port, protocol)));

        await Eventually.TrueAsync(async () => (await broker.GetSessionIdsAsync()).Count == 0, "nothing stayed at the broker");
    }

    [Fact]
    public async Task Sandbox_WithAWrongPassword_KnowsThatItIsThat()
    {
        await using var broker = await TestBroker.StartAsync();

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(broker.Port) with { Password = "wrong" });

        Assert.Equal(("sign-in", "bad-credentials"), (report.Failure().Name, report.Failure().Code));
    }

    private static void AssertProved(ProbeReport report)
    {
        Assert.True(report.Passed, report.Steps.FirstOrDefault(step => step.State == ProbeState.Failed)?.Result);
        Assert.Equal(ProbeState.Passed, report.Step("verdict").State);
        Assert.Contains("proved possible", report.Step("verdict").Result, StringComparison.Ordinal);
    }
}
