using Portal.Client.Contracts;
using Portal.Client.Wizards.ConnectorTasks;
using YamlDotNet.Serialization;

namespace Portal.Tests.Client.Wizards.ConnectorTasks;

public class SettingsYamlTests
{
    [Fact]
    public void Of_Draft_IsTheSameTextForTheSameSettings()
    {
        var yaml = SettingsYaml.Of(Draft("plates"));

        Assert.Equal(yaml, SettingsYaml.Of(Draft("plates")));
        Assert.StartsWith("name: plates\n", yaml);
        Assert.Contains("topics:\n  - a/#\n  - b\n", yaml);
        Assert.Contains("\nclients: 3\n", yaml);
        Assert.Contains("\ncleanSession: true\n", yaml);
        Assert.Contains("\nonFailure: DeadLetter\n", yaml);
    }

    [Theory]
    [InlineData("yes: no # really")]
    [InlineData("true")]
    [InlineData("007")]
    [InlineData("- a\n- b")]
    [InlineData("'\"{[")]
    [InlineData("")]
    public void Of_TextThatLooksLikeYaml_IsReadBackAsText(string text)
    {
        var read = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object?>>(SettingsYaml.Of(Draft("x") with { Description = text }));

        Assert.Equal(text, read["description"] ?? "");
    }

    private static ConnectorTaskDraft Draft(string name) => new() { Name = name, Topics = ["a/#", "b"], Clients = 3, CleanSession = true };
}
