using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Sandbox;

namespace Portal.Tests.Sandbox;

public sealed class SandboxOptionsTests
{
    [Fact]
    public void Defaults_Always_AreValid() => Assert.True(new SandboxOptionsValidator().Validate(null, new SandboxOptions()).Succeeded);

    [Fact]
    public void WrongSettings_Several_AreAllNamed()
    {
        var result = new SandboxOptionsValidator().Validate(null, new SandboxOptions
        {
            Host = "localhost",
            MqttPort = -1,
            KafkaPort = 70_000,
            Devices = 1001,
            MessagesPerSecond = double.NaN,
            MaxPendingMessages = 0,
        });

        Assert.Equal(
            ["Sandbox:Host", "Sandbox:MqttPort", "Sandbox:KafkaPort", "Sandbox:Devices", "Sandbox:MessagesPerSecond", "Sandbox:MaxPendingMessages"],
            result.Failures!.Select(failure => failure.Split(' ')[0]));
    }

    [Fact]
    public void Ports_BothTheSame_AreRefusedUnlessFree()
    {
        var same = new SandboxOptionsValidator().Validate(null, new SandboxOptions { MqttPort = 5000, KafkaPort = 5000 });
        Assert.Contains("both 5000", same.FailureMessage, StringComparison.Ordinal);
        Assert.True(new SandboxOptionsValidator().Validate(null, new SandboxOptions { MqttPort = 0, KafkaPort = 0 }).Succeeded);
    }

    [Fact]
    public async Task AddSandbox_WithConfiguration_BindsTheSection()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sandbox:Enabled"] = "false",
            ["Sandbox:MqttPort"] = "0",
            ["Sandbox:Devices"] = "7",
        }).Build();
        await using var services = new ServiceCollection().AddLogging(logging => logging.ClearProviders()).AddSandbox(configuration).BuildServiceProvider();

        var options = services.GetRequiredService<IOptions<SandboxOptions>>().Value;

        Assert.Equal(new SandboxOptions { Enabled = false, MqttPort = 0, Devices = 7 }, options);
        Assert.False(services.GetRequiredService<EmbeddedSandbox>().Enabled);
    }
}
