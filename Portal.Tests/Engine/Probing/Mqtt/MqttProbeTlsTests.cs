using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Engine.Probing;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Probing.Mqtt;

public sealed class MqttProbeTlsTests : IDisposable
{
    private readonly TestCertificates _root = new("Acme Root");

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task GoodCertificate_OfTheGivenAuthority_Passes(MqttProtocol protocol)
    {
        await using var port = Serve(_root.Issue("127.0.0.1"));

        var report = await ProbeRun.ToEndAsync(Trusting(port.Port) with { Protocol = protocol });

        Assert.True(report.Passed);
        Assert.Contains("TLS 1.", report.Step("tls").Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownAuthority_Always_IsNamedWithItsFingerprint()
    {
        await using var port = Serve(_root.Issue("127.0.0.1"));

        var report = await ProbeRun.ToEndAsync(Trusting(port.Port) with { Tls = null });

        AssertFailed(report, "tls", "Acme Root");
        Assert.Contains("SHA-256", report.Failure().Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherAuthority_ThanTheGivenOne_IsNamed()
    {
        using var other = new TestCertificates("Other Root");
        await using var port = Serve(other.Issue("127.0.0.1"));

        AssertFailed(await ProbeRun.ToEndAsync(Trusting(port.Port)), "tls", "Other Root");
    }

    [Fact]
    public async Task WrongName_InTheCertificate_ListsItsNames()
    {
        await using var port = Serve(_root.Issue("broker.acme.example"));

        var report = await ProbeRun.ToEndAsync(Trusting(port.Port));

        AssertFailed(report, "tls", "broker.acme.example");
        Assert.Contains("127.0.0.1", report.Failure().Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongName_WithAServerNameGiven_ChecksThat()
    {
        await using var port = Serve(_root.Issue("broker.acme.example"));

        var report = await ProbeRun.ToEndAsync(Trusting(port.Port) with { Tls = new TlsSpec { CaPem = _root.AuthorityPem, ServerName = "broker.acme.example" } });

        Assert.True(report.Passed);
    }

    [Fact]
    public async Task ExpiredCertificate_Always_SaysSinceWhen()
    {
        var end = DateTimeOffset.UtcNow.AddDays(-2);
        await using var port = Serve(_root.Issue("127.0.0.1", end.AddDays(-10), end));

        AssertFailed(await ProbeRun.ToEndAsync(Trusting(port.Port)), "tls", $"{end:yyyy-MM-dd}");
    }

    [Fact]
    public async Task TlsEndpoint_OnAPlainBroker_IsRecognised()
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker().ServeAsync);

        var report = await ProbeRun.ToEndAsync(Trusting(port.Port));

        AssertFailed(report, "tls", "speaks plain MQTT, not TLS");
        Assert.Equal("plain-port", report.Failure().Code);
    }

    [Fact]
    public async Task TlsEndpoint_OnAWebServer_IsRecognised()
    {
        await using var port = ScriptedPort.Answering(Encoding.Latin1.GetBytes("HTTP/1.1 400 Bad Request\r\n\r\n"));

        Assert.Equal("http-port", (await ProbeRun.ToEndAsync(Trusting(port.Port))).Failure().Code);
    }

    [Theory]
    [InlineData(MqttTransport.Tcp)]
    [InlineData(MqttTransport.WebSocket)]
    public async Task PlainEndpoint_OnATlsPort_IsRecognised(MqttTransport transport)
    {
        await using var port = Serve(_root.Issue("127.0.0.1"));

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(port.Port, transport: transport));

        AssertFailed(report, "sign-in", "speaks TLS");
        Assert.Equal("tls-port", report.Failure().Code);
    }

    [Fact]
    public async Task SilentPort_WithTls_EndsWithinTenSeconds()
    {
        await using var port = ScriptedPort.Silent();

        var (report, took) = await ProbeRun.ToEndInFastTimeAsync(Trusting(port.Port));

        Assert.Equal("tls", report.Failure().Name);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task ClientCertificate_Wanted_PassesWithAndFailsWithout()
    {
        await using var port = ScriptedPort.Secure(_root.Issue("127.0.0.1"), new BrokenBroker().ServeAsync, wantsClientCertificate: true);
        using var own = _root.Issue("client");

        var without = await ProbeRun.ToEndAsync(Trusting(port.Port));
        var with = await ProbeRun.ToEndAsync(Trusting(port.Port) with
        {
            Tls = new TlsSpec
            {
                CaPem = _root.AuthorityPem,
                ClientCertificatePem = own.ExportCertificatePem(),
                ClientKeyPem = own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
            },
        });

        Assert.Contains("client certificate", without.Failure().Advice, StringComparison.Ordinal);
        Assert.True(with.Passed, with.Steps.FirstOrDefault(step => step.State == ProbeState.Failed)?.Result);
    }

    private static ScriptedPort Serve(X509Certificate2 certificate) => ScriptedPort.Secure(certificate, new BrokenBroker().ServeAsync);

    private MqttBrokerSpec Trusting(int port) =>
        ProbeRun.At(port, transport: MqttTransport.Tls) with { Tls = new TlsSpec { CaPem = _root.AuthorityPem } };

    private static void AssertFailed(ProbeReport report, string step, string text)
    {
        Assert.Equal(step, report.Failure().Name);
        Assert.Contains(text, report.Failure().Result, StringComparison.Ordinal);
    }
}
