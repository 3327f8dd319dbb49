using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Server.Security;
using Portal.Tests.Fixtures;

namespace Portal.EndToEnd;

/// <summary>
/// The server with its sandbox in the process of the test, which holds its clock: for what counts minutes. Everything else is as an operator
/// starts it, on a port of its own.
/// </summary>
internal sealed class ClockedPortal : WebApplicationFactory<FirstRun>
{
    private readonly string _data = Directory.CreateTempSubdirectory("portal-").FullName;

    public ClockedPortal()
    {
        UseKestrel(FreePort.Next());
        StartServer();
    }

    public AheadClock Clock { get; } = new();

    public Uri Address => ClientOptions.BaseAddress;

    public string SetupToken => Services.GetRequiredService<FirstRun>().Token!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environments.Production);
        builder.UseSetting("Data:Folder", _data);
        builder.UseSetting("Sandbox:MqttPort", "0");
        builder.UseSetting("Sandbox:KafkaPort", "0");
        builder.UseSetting("Sandbox:ConnectorPassword", LivePortal.ConnectorPassword);
        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));
    }

    /// <summary>The clock of the machine, ahead of it by what the test adds. Timers run as fast as ever.</summary>
    internal sealed class AheadClock : TimeProvider
    {
        private long _ahead;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));
    }
}
