using Portal.Client.Contracts;
using Portal.Server.Clusters.Rules;
using Portal.Server.Data.Entities;

namespace Portal.Tests.Server.Clusters.Rules;

public class KafkaInstanceValidatorTests
{
    private static readonly string[] Regions = ["local"];

    private static KafkaInstanceDraft Good => new() { Name = "kafka", Region = "local", BootstrapServers = "kafka-1:9092, kafka-2:9092" };

    [Fact]
    public void Check_OfAGoodDraft_FindsNothing() => Assert.Empty(Fields(Good));

    [Fact]
    public void Check_OfAnEmptyDraft_FindsEverythingAtOnce() =>
        Assert.Equal(["Name", "Region", "BootstrapServers"], Fields(new KafkaInstanceDraft()));

    [Theory]
    [InlineData("kafka")]
    [InlineData("kafka:")]
    [InlineData("kafka:0")]
    [InlineData("kafka:70000")]
    [InlineData(":9092")]
    [InlineData("http://kafka:9092")]
    [InlineData("kafka:9092;other:9092")]
    [InlineData("kafka:+1")]
    public void Check_OfAWrongServer_NamesIt(string server)
    {
        var error = Assert.Single(KafkaInstanceValidator.Check(null, Good with { BootstrapServers = "good:9092," + server }, Regions));

        Assert.Equal("BootstrapServers", error.Field);
        Assert.StartsWith(server + " ", error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[::1]:9092")]
    [InlineData("10.0.0.1:19092")]
    public void Check_OfAnAddress_Accepts(string server) => Assert.Empty(Fields(Good with { BootstrapServers = server }));

    [Fact]
    public void Check_OfSasl_NeedsNameAndPassword()
    {
        var sasl = Good with { Security = KafkaSecurityProtocol.SaslSsl };
        var stored = new KafkaInstance { Id = "ckafka-1", Name = "k", Region = "local", BootstrapServers = "k:1", Password = "encrypted", CreatedBy = "anna" };

        Assert.Equal(["UserName", "Password"], Fields(sasl));
        Assert.Empty(Fields(sasl with { UserName = "u", Password = SecretChange.Replace("p") }));
        Assert.Empty(Fields(sasl with { UserName = "u" }, stored));
        Assert.Equal(["Password"], Fields(sasl with { UserName = "u", Password = new SecretChange(SecretChangeKind.Remove) }, stored));
    }

    private static IEnumerable<string> Fields(KafkaInstanceDraft draft, KafkaInstance? stored = null) =>
        KafkaInstanceValidator.Check(stored, draft, Regions).Select(error => error.Field);
}
