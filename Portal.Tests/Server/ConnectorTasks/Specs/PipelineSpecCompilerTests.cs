using Portal.Client.Contracts;
using Portal.Engine.Specs;

namespace Portal.Tests.Server.ConnectorTasks.Specs;

public class PipelineSpecCompilerTests
{
    [Fact]
    public void Compile_Twice_AsksForTheSame()
    {
        var draft = Drafts.Valid with { Distribution = DistributionPolicy.TopicMap, TopicMap = [new TopicMapEntry("a/#", "a")] };

        Assert.True(Drafts.Spec(draft).SameAs(Drafts.Spec(draft)));
    }

    [Fact]
    public void Compile_Clients_AreNumberedFromZeroInOneGroup()
    {
        var spec = Drafts.Spec(Drafts.Valid with { Clients = 3, Topics = ["a/#", "b/+"] });

        Assert.Equal([0, 1, 2], spec.Clients);
        Assert.Equal("task_y8k3m2ab", spec.Source.Group.Name);
        Assert.Equal(["a/#", "b/+"], spec.Source.Group.Filters);
    }

    [Theory]
    [InlineData(DistributionPolicy.OneTopic, "", "orders.dlq")]
    [InlineData(DistributionPolicy.TopicMap, "", "line7-to-orders.dlq")]
    [InlineData(DistributionPolicy.Template, " ", "line7-to-orders.dlq")]
    [InlineData(DistributionPolicy.OneTopic, "lost", "lost")]
    public void DeadLetterTopic_Left_FollowsTheTarget(DistributionPolicy distribution, string named, string expected)
    {
        var draft = Drafts.Valid with { Distribution = distribution, DeadLetterTopic = named };

        Assert.Equal(expected, Drafts.Spec(draft).Delivery.DeadLetterTopic);
    }

    [Fact]
    public void DeadLetterTopic_OtherPolicy_IsNone() =>
        Assert.Null(Drafts.Spec(Drafts.Valid with { OnFailure = FailurePolicyKind.Discard, DeadLetterTopic = "lost" }).Delivery.DeadLetterTopic);

    [Fact]
    public void Compile_HeaderSwitches_BecomeGroups()
    {
        var spec = Drafts.Spec(Drafts.Valid with { PropertyHeaders = false, UserPropertyHeaders = false });

        Assert.Equal(HeaderGroups.Message | HeaderGroups.Extensions, spec.Mapping.Headers);
        Assert.Equal(HeaderGroups.All, Drafts.Spec().Mapping.Headers);
    }

    [Fact]
    public void Compile_ArgumentOfAKeyNotChosen_IsNoChange()
    {
        var left = Drafts.Valid with { Key = KeyKind.Topic, KeyArgument = "left over", TimestampPath = "left.over" };

        Assert.True(Drafts.Spec(left).SameAs(Drafts.Spec()));
    }

    [Fact]
    public void Compile_MappingAndFilterChanged_NeedNoRestart()
    {
        var changed = Drafts.Spec(Drafts.Valid with { Key = KeyKind.None, Filter = " qos = 1 ", HeaderPrefix = "x." });

        Assert.Equal("qos = 1", changed.Filter);
        Assert.False(changed.SameAs(Drafts.Spec()));
        Assert.True(changed.CanBecome(Drafts.Spec()));
    }

    [Fact]
    public void Compile_LimitsClientsAndRestart_AreTakenUpInMotion()
    {
        var changed = Drafts.Spec(Drafts.Valid with { LimitMegabytesPerSecond = 20, LimitMessagesPerSecond = 500, Clients = 3, RestartsByItself = false });

        Assert.Equal((20_000_000d, 500d), (changed.Limits.BytesPerSecond, changed.Limits.MessagesPerSecond));
        Assert.False(changed.RestartsByItself);
        Assert.True(Drafts.Spec().CanBecome(changed));
        Assert.True(Drafts.Spec().Limits.IsNone);
    }

    [Fact]
    public void Compile_LargestRecord_NeedsANewProducer()
    {
        var changed = Drafts.Spec(Drafts.Valid with { LargestRecordKilobytes = 8 });

        Assert.Equal(8192, changed.Sink.MaxMessageBytes);
        Assert.False(Drafts.Spec().CanBecome(changed));
    }

    [Fact]
    public void Compile_EveryChoice_HasACounterpartOfTheSameName()
    {
        AssertSameNames<KeyKind, KeySource>((draft, kind) => draft with { Key = kind }, spec => spec.Mapping.Key);
        AssertSameNames<TimestampKind, TimestampSource>((draft, kind) => draft with { Timestamp = kind }, spec => spec.Mapping.Timestamp);
        AssertSameNames<CompressionKind, KafkaCompression>((draft, kind) => draft with { Compression = kind }, spec => spec.Sink.Compression);
        AssertSameNames<PartitioningKind, PartitioningRule>((draft, kind) => draft with { Partitioning = kind }, spec => spec.Sink.Partitioning);
        AssertSameNames<FailurePolicyKind, FailureAction>((draft, kind) => draft with { OnFailure = kind }, spec => spec.Delivery.OnFailure);
    }

    private static void AssertSameNames<TAsked, TSpec>(Func<ConnectorTaskDraft, TAsked, ConnectorTaskDraft> choose, Func<PipelineSpec, TSpec> compiled)
        where TAsked : struct, Enum
        where TSpec : struct, Enum
    {
        Assert.Equal(Enum.GetNames<TAsked>(), Enum.GetNames<TSpec>());
        Assert.All(Enum.GetValues<TAsked>(), kind => Assert.Equal(kind.ToString(), compiled(Drafts.Spec(choose(Drafts.Valid, kind))).ToString()));
    }
}
