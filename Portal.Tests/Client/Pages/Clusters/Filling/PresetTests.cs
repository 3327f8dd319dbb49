using Portal.Client.Contracts;
using Portal.Client.Pages.Clusters.Editing.Filling;
using Portal.Server.Clusters.Rules;

namespace Portal.Tests.Client.Pages.Clusters.Filling;

public class PresetTests
{
    public static TheoryData<string> MqttNames => [.. MqttPreset.All.Select(preset => preset.Name)];

    public static TheoryData<string> KafkaNames => [.. KafkaPreset.All.Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(MqttNames))]
    public void Mqtt_EveryPreset_LeavesOnlyHostAndNameToGive(string name)
    {
        var preset = MqttPreset.All.Single(preset => preset.Name == name);

        var draft = preset.Fill(new MqttClusterDraft { Name = "n", Region = "gz", Endpoints = [new ClusterEndpoint(EndpointTransport.Ws, "b.example", 1, "/x")] });

        Assert.Empty(MqttClusterValidator.Check(null, draft, ["gz"]));
        Assert.Equal("b.example", Assert.Single(draft.Endpoints).Host);
        Assert.InRange(preset.Caveats.Length, 80, 500);
    }

    [Theory]
    [MemberData(nameof(KafkaNames))]
    public void Kafka_EveryPreset_LeavesOnlyHostsAndCredentialsToGive(string name)
    {
        var preset = KafkaPreset.All.Single(preset => preset.Name == name);

        var draft = preset.Fill(new KafkaInstanceDraft { Name = "n", Region = "gz", BootstrapServers = "a.example, b.example:1234" });
        var errors = KafkaInstanceValidator.Check(
            null, draft with { UserName = draft.UserName ?? "u", Password = SecretChange.Replace("p") }, ["gz"]);

        Assert.Empty(errors);
        Assert.Equal($"a.example:{preset.Port}, b.example:1234", draft.BootstrapServers);
        Assert.InRange(preset.Caveats.Length, 80, 500);
    }

    [Fact]
    public void Fill_EventHubs_KnowsTheUserNameOfEverybody() =>
        Assert.Equal("$ConnectionString", KafkaPreset.All.Single(preset => preset.Name == "Azure Event Hubs").Fill(new KafkaInstanceDraft()).UserName);

    [Fact]
    public void All_EachKind_IsInTheOrderOfItsName()
    {
        Assert.Equal(MqttPreset.All.Select(preset => preset.Name).Order(StringComparer.Ordinal), MqttPreset.All.Select(preset => preset.Name));
        Assert.Equal(KafkaPreset.All.Select(preset => preset.Name).Order(StringComparer.Ordinal), KafkaPreset.All.Select(preset => preset.Name));
    }
}
