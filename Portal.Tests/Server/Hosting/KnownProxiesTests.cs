using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Portal.Server.Hosting;

namespace Portal.Tests.Server.Hosting;

public class KnownProxiesTests
{
    [Theory]
    [InlineData("127.0.0.1", "203.0.113.9", "https")]
    [InlineData("10.0.0.0/8, 127.0.0.0/8", "203.0.113.9", "https")]
    [InlineData("10.0.0.7", "127.0.0.1", "http")]
    [InlineData("", "127.0.0.1", "http")]
    public async Task Request_ThroughAProxy_IsBelievedOnlyWhenItIsNamed(string known, string from, string scheme)
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0", $"--{KnownProxies.Setting}={known}", "--Logging:LogLevel:Default=None"]);
        await using var app = builder.Build();
        app.UseKnownProxies();
        app.Run(context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress} {context.Request.Scheme}"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        Assert.Equal($"{from} {scheme}", await client.GetStringAsync("/", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Check_NeitherAddressNorNetwork_NamesTheEntry()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new(KnownProxies.Setting, "10.0.0.7, proxy.example")]).Build();

        Assert.Contains("'proxy.example'", Assert.Single(KnownProxies.Errors(settings)));
    }
}
