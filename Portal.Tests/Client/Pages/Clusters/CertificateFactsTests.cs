using Portal.Client.Pages.Clusters;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Client.Pages.Clusters;

public class CertificateFactsTests
{
    [Fact]
    public void Read_OfAChain_NamesEachWithItsExpiry()
    {
        using var root = new TestCertificates("Plant Root");
        var until = DateTimeOffset.UtcNow.AddDays(10);
        using var leaf = root.Issue("mq.north.example", notAfter: until);

        var found = CertificateFacts.Read(leaf.ExportCertificatePem() + "\n" + root.AuthorityPem);

        Assert.Equal(["mq.north.example", "Plant Root"], found.Select(one => one.Subject));
        Assert.Equal(until.ToUnixTimeSeconds(), found[0].NotAfter.ToUnixTimeSeconds());
        Assert.Equal(64, found[0].Fingerprint.Length);
        Assert.Equal("expires soon", found[0].Warning(until.AddDays(-29)));
        Assert.Equal("expired", found[0].Warning(until.AddDays(1)));
        Assert.Null(found[0].Warning(until.AddDays(-31)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void Read_OfNothingReadable_IsEmpty(string? pem) => Assert.Empty(CertificateFacts.Read(pem));
}
