using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Engine.Probing;
using Portal.Engine.Reading;
using Portal.Engine.Replay;
using Portal.Engine.Sampling;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;
using Portal.Server.Clusters;
using Portal.Server.ConnectorTasks;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.History;
using Portal.Server.Hosting;
using Portal.Server.Live.Hub;
using Portal.Server.Operations;
using Portal.Server.Overview;
using Portal.Server.Preferences;
using Portal.Server.Sampling;
using Portal.Server.Security;
using Portal.Server.Topics;
using Portal.Server.WizardDrafts;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.Api;

/// <summary>The whole server on a port of its own, over an engine of the test's making; anna may change everything, vera may look.</summary>
public sealed class PortalApp : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private readonly ServerDatabase _database = new();
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Task<CookieCollection>> _sessions = new();
    private int _drafts;

    public PortalApp()
    {
        var builder = PortalHost.CreateBuilder([$"--{DataFolder.Setting}={_database.Folder.Path}", "--Urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None"])
            .AddPortalData().AddPortalIdentity().AddConnections().AddHistory().AddConnectorTasks().AddTopics().AddPortalOperations().AddOverview().AddPreferences().AddSampling().AddDrafts().AddLiveHub().AddPortalMetrics().AddPortalPages();
        builder.Services.AddSingleton<IPipelineSupervisor>(Supervisor);
        builder.Services.AddSingleton<IEndpointProbe>(Probe);
        builder.Services.AddSingleton<ISampler>(Sampler);
        builder.Services.AddSingleton<ITopicReader>(Reader);
        builder.Services.AddSingleton<IMessageReplay>(Replay);
        _app = builder.Build();
        _app.MapPortal();
    }

    internal FakePipelineSupervisor Supervisor { get; } = new();

    internal FakeEndpointProbe Probe { get; } = new();

    internal FakeSampler Sampler { get; } = new();

    internal FakeTopicReader Reader { get; } = new();

    internal FakeMessageReplay Replay { get; } = new();

    public Uri Address => new(_app.Urls.First());

    /// <summary>A valid draft with a name of its own.</summary>
    public ConnectorTaskDraft NewDraft() => Drafts.Valid with
    {
        Name = $"line-{Interlocked.Increment(ref _drafts)}",
        ConnectionId = "resource-plant001",
        KafkaInstanceId = "ckafka-plant001",
    };

    public async ValueTask InitializeAsync()
    {
        await _database.AddMqttClusterAsync();
        await _database.AddKafkaInstanceAsync();
        // The keys of this database are the test's own; a password that the server cannot read would be another test.
        await _database.AddAsync(new Connection { Id = "resource-plant001", Name = "plant", MqttClusterId = "mqtt-plant001", CreatedBy = "anna" });
        await _app.Services.GetRequiredService<DatabaseStart>().RunAsync(CancellationToken.None);
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
            foreach (var name in new[] { "anna", "vera" })
            {
                var user = await users.FindByNameAsync(name);
                await users.UpdateSecurityStampAsync(user!);
                Assert.True((await users.AddPasswordAsync(user!, Password)).Succeeded);
            }
        }

        await _app.StartAsync(CancellationToken.None);
    }

    /// <summary>A client without a cookie, which sends the header for writes.</summary>
    public HttpClient Stranger(CookieContainer? cookies = null)
    {
        var client = new HttpClient(new HttpClientHandler { CookieContainer = cookies ?? new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Add(RequestFilters.Header, "1");
        return client;
    }

    /// <summary>A client that has signed in. Each person does so once: an address has no more than thirty attempts a minute.</summary>
    public async Task<HttpClient> SignedInAsync(string name = "anna", CookieContainer? cookies = null)
    {
        cookies ??= new CookieContainer();
        cookies.Add(await _sessions.GetOrAdd(name, SignInAsync));
        return Stranger(cookies);
    }

    /// <summary>Takes a table away, as a broken disk or a foreign hand would.</summary>
    public async Task BreakDatabaseAsync()
    {
        await using var db = _database.CreateDbContext();
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE Regions RENAME TO Gone");
    }

    /// <summary>Creates a task over HTTP.</summary>
    public async Task<string> CreateTaskAsync(HttpClient client, ConnectorTaskDraft? draft = null, string query = "")
    {
        var answer = await client.PostAsJsonAsync($"/api/v1/tasks{query}", draft ?? NewDraft(), ApiJson.Options);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.Location!.ToString().Split('/')[^1];
    }

    /// <summary>What SIGTERM does first: everybody is told, and the server still listens.</summary>
    public void BeginToStop() => _app.Lifetime.StopApplication();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _database.Dispose();
    }

    private async Task<CookieCollection> SignInAsync(string name)
    {
        var cookies = new CookieContainer();
        using var client = Stranger(cookies);
        using var answer = await client.PostAsJsonAsync("/api/v1/session", new { user = name, password = Password });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return cookies.GetAllCookies();
    }
}
