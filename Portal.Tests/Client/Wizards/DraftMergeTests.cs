using Portal.Client.Contracts;
using Portal.Client.Wizards;

namespace Portal.Tests.Client.Wizards;

public class DraftMergeTests
{
    private static readonly ConnectorTaskDraft Before = new() { Name = "a", Topics = ["x/#"], Clients = 1, Topic = "t" };

    [Fact]
    public void Merge_DifferentSettings_KeepsBothChanges()
    {
        var merged = DraftMerge.Merge(Before, Before with { Clients = 4 }, Before with { Topics = ["y/#"], Filter = "qos = 1" });

        Assert.Equal((4, "y/#", "qos = 1", "t"), (merged.Clients, merged.Topics.Single(), merged.Filter, merged.Topic));
        Assert.Empty(DraftMerge.Clashes(Before, Before with { Clients = 4 }, Before with { Topics = ["y/#"] }));
    }

    [Fact]
    public void Merge_SameSetting_TakesMineAndNamesIt()
    {
        var (mine, theirs) = (Before with { KafkaInstanceId = "ckafka-m" }, Before with { KafkaInstanceId = "ckafka-t" });

        Assert.Equal("ckafka-m", DraftMerge.Merge(Before, mine, theirs).KafkaInstanceId);
        Assert.Equal(["kafka instance"], DraftMerge.Clashes(Before, mine, theirs));
    }

    [Fact]
    public void Merge_SameSettingYielded_TakesTheirs()
    {
        var (mine, theirs) = (Before with { KafkaInstanceId = "ckafka-m", Clients = 4 }, Before with { KafkaInstanceId = "ckafka-t" });

        var merged = DraftMerge.Merge(Before, mine, theirs, ["kafka instance"]);

        Assert.Equal(("ckafka-t", 4), (merged.KafkaInstanceId, merged.Clients));
    }

    [Fact]
    public void Merge_ListMadeAnewWithTheSameContent_IsNoChange()
    {
        var mine = Before with { Topics = [.. Before.Topics] };

        Assert.Equal(["z"], DraftMerge.Merge(Before, mine, Before with { Topics = ["z"] }).Topics);
    }

    [Fact]
    public void Merge_Secret_IsMineWhenItWasTyped()
    {
        var before = new ConnectionDraft { Name = "c" };
        var merged = DraftMerge.Merge(before, before with { Password = SecretChange.Replace("p") }, before with { Name = "d" });

        Assert.Equal(("d", "p"), (merged.Name, merged.Password.Value));
    }
}
