using Microsoft.Extensions.Configuration;
using Portal.Sandbox;
using Portal.Server.Embedded;
using Portal.Server.History;
using Portal.Server.Hosting;

namespace Portal.Tests.Server.Hosting;

/// <summary>The settings file shows every setting with its default: what it says must be what the code does without it.</summary>
public class SettingsFileTests
{
    private static readonly IConfiguration File = new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(Repository.Root, "appsettings.json"))
        .Build();

    [Fact]
    public void Sandbox_HasEverySettingWithItsDefault()
    {
        Assert.Equal(new SandboxOptions(), File.GetSection(SandboxOptions.Section).Get<SandboxOptions>());
        var names = typeof(SandboxOptions).GetProperties().Select(property => property.Name).Append("ConnectorPassword");
        Assert.Equal(names.Order(), File.GetSection(SandboxOptions.Section).GetChildren().Select(setting => setting.Key).Order());
    }

    [Fact]
    public void Retention_HasEverySettingWithItsDefault()
    {
        Assert.Equal(new RetentionOptions(), File.GetSection(RetentionOptions.Section).Get<RetentionOptions>());
        var names = typeof(RetentionOptions).GetProperties().Select(property => property.Name);
        Assert.Equal(names.Order(), File.GetSection(RetentionOptions.Section).GetChildren().Select(setting => setting.Key).Order());
        Assert.Empty(new RetentionOptions().Errors());
    }

    [Fact]
    public void Retention_TooShort_IsNamedWithWhatIsRight() =>
        Assert.Contains("Retention:FiveSeconds", Assert.Single(new RetentionOptions { FiveSeconds = TimeSpan.FromMinutes(1) }.Errors()));

    [Fact]
    public void PublishedPassword_IsTheOneThatTheCodeKnows() => Assert.Equal(
        SandboxServices.PublishedPassword, File[SandboxUserBook.ConnectorPasswordSetting]);

    [Fact]
    public void Urls_AreThoseOfTheCode() => Assert.Equal(ListenAddresses.Default, File[ListenAddresses.Setting]);

    [Fact]
    public void Metrics_HasEverySettingWithItsDefault()
    {
        Assert.Equal(new MetricsOptions(), File.GetSection(MetricsOptions.Section).Get<MetricsOptions>());
        var names = typeof(MetricsOptions).GetProperties().Select(property => property.Name);
        Assert.Equal(names.Order(), File.GetSection(MetricsOptions.Section).GetChildren().Select(setting => setting.Key).Order());
    }
}
