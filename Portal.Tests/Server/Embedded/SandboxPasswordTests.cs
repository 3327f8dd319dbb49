using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Sandbox;
using Portal.Server.Audit;
using Portal.Server.Embedded;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.Embedded;

public sealed class SandboxPasswordTests : IDisposable
{
    private readonly ServerDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Theory]
    [InlineData("127.0.0.1", SandboxServices.PublishedPassword, true)]
    [InlineData("127.0.0.1", "my own", true)]
    [InlineData("0.0.0.0", "my own", true)]
    [InlineData("0.0.0.0", SandboxServices.PublishedPassword, false)]
    [InlineData("127.0.0.1", "", false)]
    public async Task Load_TakesTheSetting_ButNotThePublishedOneBeyondThisMachine(string host, string setting, bool isTaken)
    {
        await using var sandbox = NewSandbox(host);
        var users = NewBook(sandbox, host, setting);
        await users.LoadAsync(Token);

        var (name, password) = await users.ConnectorAsync(Token);

        Assert.Equal(isTaken, password == setting);
        Assert.True(sandbox.Users.Check(name, password));
        Assert.True(password.Length > 0);
    }

    [Fact]
    public async Task Load_Again_KeepsThePasswords()
    {
        await using var sandbox = NewSandbox("127.0.0.1");
        await NewBook(sandbox, "127.0.0.1", "first").LoadAsync(Token);
        var later = NewBook(sandbox, "127.0.0.1", "second");
        await later.LoadAsync(Token);

        Assert.Equal("first", (await later.ConnectorAsync(Token)).Password);
        Assert.NotEqual("first", (await later.DevicesAsync(Token)).Password);
    }

    private static EmbeddedSandbox NewSandbox(string host) =>
        new(Options.Create(new SandboxOptions { Host = host }), TimeProvider.System, NullLoggerFactory.Instance);

    private SandboxUserBook NewBook(EmbeddedSandbox sandbox, string host, string setting) => new(
        _database,
        sandbox,
        _database.Secrets,
        new AuditTrail(TimeProvider.System),
        Options.Create(new SandboxOptions { Host = host }),
        new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create(SandboxUserBook.ConnectorPasswordSetting, (string?)setting)])
            .Build(),
        TimeProvider.System);
}
