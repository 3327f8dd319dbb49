using System.Text;
using Portal.Engine.Sinks.Producing;

namespace Portal.Tests.Engine.Sinks.Producing;

/// <summary>The vectors of Apache Kafka's own UtilsTest.</summary>
public class Murmur2Tests
{
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Hash_OfKnownText_IsThatOfTheJavaClient(string text, int hash) =>
        Assert.Equal(hash, (int)Murmur2.Hash(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Partition_OfAnyKey_IsOneOfThePartitions()
    {
        var partitions = Enumerable.Range(0, 1000).Select(i => Murmur2.Partition(Encoding.UTF8.GetBytes($"key {i}"), 7)).ToList();

        Assert.Equal(Enumerable.Range(0, 7), partitions.Distinct().Order());
    }
}
