using System.Text;
using Portal.Engine.Sampling;
using Portal.Engine.Specs;

namespace Portal.Tests.Engine.Sampling;

/// <summary>What the preview says of settings that are right, wrong and half-typed.</summary>
public sealed class RecordPreviewerTests
{
    private static readonly SampledMessage Message = SampledMessage.Compose(
        "city/north/plates",
        """{"speed":63.4}"""u8.ToArray(),
        new MessageProperties { User = [new("region", "gz"), new("lane", "2"), new("lane", "3")] },
        1,
        false,
        1_760_000_000_000);

    [Fact]
    public void Preview_DefaultMapping_IsTheRecordThatTheTaskSends()
    {
        var preview = new RecordPreviewer(new MappingSpec { Topics = TopicRule.One("plates") }, null, PartitioningRule.Key).Preview(Message);

        Assert.True(preview.Passes);
        Assert.Null(preview.Failure);
        Assert.Equal("plates", preview.Topic);
        Assert.Equal("city/north/plates"u8.ToArray(), preview.Key);
        Assert.Equal(1_760_000_000_000, preview.Timestamp);
        Assert.Equal(
            ["mqtt.topic=city/north/plates", "mqtt.message.packet.id=0", "mqtt.duplicate=false", "mqtt.qos=1", "mqtt.retained=false", "region=gz", "lane=2", "lane=3"],
            preview.Headers.Select(header => $"{header.Name}={Encoding.UTF8.GetString(header.Value)}"));
    }

    [Theory]
    [InlineData("region = 'gz' AND payload.speed > 50", true)]
    [InlineData("region = 'sh'", false)]
    [InlineData("region = ", null)]
    public void Preview_Filter_SaysWhetherItPassesAndMapsAllTheSame(string filter, bool? passes)
    {
        var preview = new RecordPreviewer(new MappingSpec { Topics = TopicRule.One("t") }, filter, PartitioningRule.Key).Preview(Message);

        Assert.Equal(passes, preview.Passes);
        Assert.Equal("t", preview.Topic);
    }

    [Fact]
    public void Preview_TopicNotChosenYet_LeavesOutTheTopicOnly()
    {
        var preview = new RecordPreviewer(new MappingSpec(), null, PartitioningRule.Key).Preview(Message);

        Assert.Null(preview.Topic);
        Assert.Null(preview.Failure);
        Assert.NotNull(preview.Key);
    }

    [Fact]
    public void Preview_KeyThatThisMessageDoesNotHave_SaysWhy()
    {
        var mapping = new MappingSpec { Topics = TopicRule.One("t"), Key = KeySource.UserProperty, KeyArgument = "plate" };
        var preview = new RecordPreviewer(mapping, null, PartitioningRule.Key).Preview(Message);

        Assert.Contains("'plate'", preview.Failure);
        Assert.Null(preview.Key);
        Assert.Equal("t", preview.Topic);
    }

    [Fact]
    public void Preview_KeyTemplateWithAnError_MakesNoRecord()
    {
        var mapping = new MappingSpec { Topics = TopicRule.One("t"), Key = KeySource.Template, KeyArgument = "{nope}" };
        var previewer = new RecordPreviewer(mapping, "region = 'sh'", PartitioningRule.Key);

        Assert.Equal("KeyArgument", Assert.Single(previewer.Errors).Field);
        Assert.Equal(previewer.Errors[0].Text, previewer.Preview(Message).Failure);
        Assert.False(previewer.Preview(Message).Passes);
    }

    [Theory]
    [InlineData(PartitioningRule.Key, "city/north/plates")]
    [InlineData(PartitioningRule.Topic, "city/north/plates")]
    [InlineData(PartitioningRule.RoundRobin, null)]
    [InlineData(PartitioningRule.Fixed, null)]
    public void PartitionOf_Rule_FollowsTheBytesThatDecide(PartitioningRule rule, string? bytes)
    {
        var preview = new RecordPreviewer(new MappingSpec { Topics = TopicRule.One("t") }, null, rule).Preview(Message);

        Assert.Equal(bytes, preview.PartitionBy is { } by ? Encoding.UTF8.GetString(by) : null);
        Assert.Equal(bytes is null, preview.PartitionOf(12) is null);
        Assert.InRange(preview.PartitionOf(12) ?? 0, 0, 11);
    }
}
