using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Portal.Engine.Mapping.Topics;

namespace Portal.Tests.Engine.Mapping.Topics;

public class MqttTopicFilterTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/c", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("+", "a", true)]
    [InlineData("+", "/a", false)]
    [InlineData("/+", "/a", true)]
    [InlineData("+/+", "/a", true)]
    [InlineData("a/+/c", "a//c", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("a/+/#", "a/b", true)]
    [InlineData("a/+/#", "a", false)]
    [InlineData("#", "a/b", true)]
    [InlineData("#", "/", true)]
    [InlineData("#", "$SYS/broker", false)]
    [InlineData("+/broker", "$SYS/broker", false)]
    [InlineData("$SYS/#", "$SYS/broker", true)]
    [InlineData("a/+", "a/$b", true)]
    public void Matches_AsTheSpecificationSays(string filter, string topic, bool expected) =>
        Assert.Equal(expected, new MqttTopicFilter(filter).Matches(Encoding.UTF8.GetBytes(topic)));

    [Theory]
    [InlineData("")]
    [InlineData("a+")]
    [InlineData("a/b+/c")]
    [InlineData("a/#/b")]
    [InlineData("#/")]
    [InlineData("a#")]
    [InlineData("++")]
    [InlineData("$share/g/a")]
    [InlineData("$share")]
    [InlineData("a\0b")]
    public void Check_Wrong_SaysSoAndCannotBeMade(string filter)
    {
        Assert.NotNull(MqttTopicFilter.Check(filter));
        Assert.Throws<ArgumentException>(() => new MqttTopicFilter(filter));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("/")]
    [InlineData("#")]
    [InlineData("+/#")]
    [InlineData("a/+/+/#")]
    [InlineData("$SYS/#")]
    [InlineData("$shared/x")]
    [InlineData("größe/😀")]
    public void Check_Right_SaysNothing(string filter) => Assert.Null(MqttTopicFilter.Check(filter));

    [Fact]
    public void Check_HalfOfASurrogatePair_IsNotUtf8()
    {
        Assert.Contains("position 2", MqttTopicFilter.Check("a\ud83d"));
        Assert.Contains("position 2", MqttTopicFilter.Check("a\ude00b"));
    }

    [Fact]
    public void Check_Length_CountsBytes()
    {
        Assert.Null(MqttTopicFilter.Check(new string('x', 65_535)));
        Assert.Contains("65536", MqttTopicFilter.Check(new string('ä', 32_768)));
    }

    [Theory]
    [InlineData("a/#", "a", true, true)]
    [InlineData("a/#", "a/+/c", true, true)]
    [InlineData("a/+", "a/#", false, true)]
    [InlineData("+/b", "a/+", false, true)]
    [InlineData("a", "a/#", false, true)]
    [InlineData("a/b", "a/c", false, false)]
    [InlineData("#", "$SYS/#", false, false)]
    [InlineData("#", "+", true, true)]
    [InlineData("+", "#", false, true)]
    [InlineData("a/+/c", "a/+", false, false)]
    public void Relation_OfTwoFilters_IsToldRight(string filter, string other, bool covers, bool overlaps)
    {
        Assert.Equal(covers, MqttTopicFilter.Covers(filter, other));
        Assert.Equal(overlaps, MqttTopicFilter.Overlaps(filter, other));
        Assert.Equal(overlaps, MqttTopicFilter.Overlaps(other, filter));
    }

    [Fact]
    public void Relation_AnyTwoFilters_AgreesWithMatching()
    {
        var level = Gen.Elements("a", "b", "", "+", "$x");
        var filters = level.NonEmptyListOf().Select(levels => string.Join('/', levels.Take(4)))
            .SelectMany(filter => Gen.Elements(filter, filter + "/#"));
        var topics = Gen.Elements("a", "b", "", "$x").NonEmptyListOf().Select(levels => string.Join('/', levels.Take(5)));
        var cases = Gen.Zip(filters, filters).Zip(topics).ToArbitrary();

        Prop.ForAll(cases, pair =>
        {
            var ((first, second), topic) = pair;
            if (first.Length == 0 || second.Length == 0)
            {
                return true;
            }

            var bytes = Encoding.UTF8.GetBytes(topic);
            var inFirst = new MqttTopicFilter(first).Matches(bytes);
            var inSecond = new MqttTopicFilter(second).Matches(bytes);
            return (!MqttTopicFilter.Covers(first, second) || !inSecond || inFirst)
                && (MqttTopicFilter.Overlaps(first, second) || !inFirst || !inSecond);
        }).QuickCheckThrowOnFailure();
    }
}
