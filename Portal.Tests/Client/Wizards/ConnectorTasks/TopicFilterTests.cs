using Portal.Client.Wizards.ConnectorTasks;

namespace Portal.Tests.Client.Wizards.ConnectorTasks;

public class TopicFilterTests
{
    [Theory]
    [InlineData("sensor/#", "sensor/1", TopicOverlap.FirstCoversSecond)]
    [InlineData("sensor/#", "sensor", TopicOverlap.FirstCoversSecond)]
    [InlineData("sensor/1", "sensor/+", TopicOverlap.SecondCoversFirst)]
    [InlineData("a/+/c", "a/b/+", TopicOverlap.Some)]
    [InlineData("a/b", "a/c", TopicOverlap.None)]
    [InlineData("a", "a/b", TopicOverlap.None)]
    [InlineData("#", "$SYS/broker/load", TopicOverlap.None)]
    [InlineData("+/broker/#", "$SYS/broker/load", TopicOverlap.None)]
    public void Overlap_KnownPairs_IsTold(string first, string second, TopicOverlap expected) =>
        Assert.Equal(expected, TopicFilter.Overlap(first, second));

    [Fact]
    public void Overlap_EverySmallPair_AgreesWithMatchingEveryTopic()
    {
        var topics = Names(["a", "b", "c"], 4).ToList();
        var filters = Names(["a", "b", "+", "#"], 3).Where(filter => !filter.Contains("#/", StringComparison.Ordinal)).ToList();
        foreach (var first in filters)
        {
            foreach (var second in filters)
            {
                var (a, b) = (topics.Where(topic => Matches(first, topic)).ToList(), topics.Where(topic => Matches(second, topic)).ToList());
                var overlap = TopicFilter.Overlap(first, second);

                Assert.True(overlap == TopicOverlap.None == !a.Intersect(b).Any(), $"{first} and {second}: {overlap}");
                Assert.True(overlap != TopicOverlap.FirstCoversSecond || !b.Except(a).Any(), $"{first} does not cover {second}");
                Assert.True(overlap != TopicOverlap.SecondCoversFirst || !a.Except(b).Any(), $"{second} does not cover {first}");
            }
        }
    }

    [Fact]
    public void OverlapWarnings_CoveredFilter_NamesBothAndWhatToDo()
    {
        var warning = Assert.Single(TopicFilter.OverlapWarnings(["sensor/1", "city/#", "sensor/#"]));

        Assert.Equal("“sensor/#” already covers “sensor/1”: each message there arrives twice. Remove “sensor/1”.", warning);
    }

    [Fact]
    public void Split_Text_DropsBlanksAndRepetitions() =>
        Assert.Equal(["a/b", "c d/#"], TopicFilter.Split(" a/b,, c d/#\r\na/b\n"));

    private static IEnumerable<string> Names(string[] levels, int depth) =>
        depth == 1 ? levels : levels.Concat(Names(levels, depth - 1).SelectMany(rest => levels.Select(level => $"{level}/{rest}")));

    private static bool Matches(string filter, string topic)
    {
        var pattern = "^" + filter.Replace("/#", "(/.*)?").Replace("#", ".*").Replace("+", "[^/]*") + "$";
        return System.Text.RegularExpressions.Regex.IsMatch(topic, pattern);
    }
}
