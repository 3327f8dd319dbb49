using Portal.Client.Contracts;
using Portal.Client.Wizards.ConnectorTasks;

namespace Portal.Tests.Client.Wizards.ConnectorTasks;

public class SettingsChangeTests
{
    private static readonly SettingNames Names = new("gz-prod", "kafka-gz");

    private static readonly ConnectorTaskDraft Stored = new()
    {
        Name = "plates-north",
        ConnectionId = "resource-a",
        KafkaInstanceId = "ckafka-a",
        Topics = ["city/north/plates"],
        Topic = "plates",
    };

    [Fact]
    public void Between_EqualContent_IsNoChange()
    {
        var change = Between(Stored with { Topics = ["city/north/plates"] });

        Assert.Equal(ChangeEffect.None, change.Effect);
        Assert.Empty(change.Lines);
    }

    [Fact]
    public void Between_Description_OnlyWords()
    {
        var change = Between(Stored with { Description = "cameras" });

        Assert.Equal(ChangeEffect.Words, change.Effect);
        Assert.Equal(new ChangedLine("Description", "—", "cameras"), Assert.Single(change.Lines));
    }

    [Fact]
    public void Between_FilterAndKey_SwapsWithoutRestart()
    {
        var change = Between(Stored with { Filter = "qos = 1", Key = KeyKind.UserProperty, KeyArgument = "lane" });

        Assert.Equal(ChangeEffect.Swap, change.Effect);
        Assert.Equal(["Filter", "Key", "Key from"], change.Lines.Select(line => line.Label).Order());
    }

    [Fact]
    public void Between_ClientsOrTopics_Restarts()
    {
        Assert.Equal(ChangeEffect.Scale, Between(Stored with { Clients = 2 }).Effect);
        Assert.Equal(ChangeEffect.Scale, Between(Stored with { Clients = 2, LimitMessagesPerSecond = 5 }).Effect);
        Assert.Equal(ChangeEffect.Swap, Between(Stored with { LimitMegabytesPerSecond = 20, RestartsByItself = false }).Effect);
        Assert.Equal(ChangeEffect.Restart, Between(Stored with { LargestRecordKilobytes = 8 }).Effect);
        Assert.Equal(ChangeEffect.Restart, Between(Stored with { Topics = ["city/#"] }).Effect);
        Assert.Equal(ChangeEffect.Restart, Between(Stored with { AutoCreate = new() }).Effect);
    }

    [Fact]
    public void Between_TargetTopic_RestartsOnlyWhereTheDeadLetterTopicFollowsIt()
    {
        Assert.Equal(ChangeEffect.Restart, Between(Stored with { Topic = "plates2" }).Effect);

        var named = Stored with { DeadLetterTopic = "refused" };
        Assert.Equal(ChangeEffect.Swap, SettingsChange.Between(named, Names, named with { Topic = "plates2" }, Names).Effect);
    }

    [Fact]
    public void Between_RenamedTask_RestartsOnlyWhereTheDeadLetterTopicFollowsTheName()
    {
        Assert.Equal(ChangeEffect.Words, Between(Stored with { Name = "plates" }).Effect);

        var byTemplate = Stored with { Distribution = DistributionPolicy.Template, TopicTemplate = "{topic}" };
        Assert.Equal(ChangeEffect.Restart, SettingsChange.Between(byTemplate, Names, byTemplate with { Name = "plates" }, Names).Effect);
    }

    [Fact]
    public void Between_AnyOtherField_HasALineToShow()
    {
        var defaults = new ConnectorTaskDraft();
        var unseen = typeof(ConnectorTaskDraft).GetProperties()
            .Where(property => property.PropertyType == typeof(bool) && property.Name != nameof(ConnectorTaskDraft.AllowOtherRegion))
            .Where(property =>
            {
                var changed = new ConnectorTaskDraft();
                property.SetValue(changed, !(bool)property.GetValue(defaults)!);
                return SettingsChange.Between(defaults, Names, changed, Names).Lines.Count == 0;
            });

        Assert.Empty(unseen.Select(property => property.Name));
    }

    private static SettingsChange Between(ConnectorTaskDraft after) => SettingsChange.Between(Stored, Names, after, Names);
}
