using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Server.Security;

namespace Portal.Tests.Server.Security;

public sealed class CurrentActorTests : IDisposable
{
    private readonly CircuitIdentity _circuit;
    private readonly HttpContextAccessor _http = new();

    public CurrentActorTests()
    {
        var services = new ServiceCollection().BuildServiceProvider();
        _circuit = new CircuitIdentity(
            NullLoggerFactory.Instance,
            new SecurityStamps(services.GetRequiredService<IServiceScopeFactory>(), Options.Create(new IdentityOptions())));
    }

    private CurrentActor Actor => new(_circuit, _http);

    public void Dispose() => ((IDisposable)_circuit).Dispose();

    [Fact]
    public async Task Find_OutsideOfEverything_IsNobody() => Assert.Null(await Actor.FindAsync());

    [Fact]
    public async Task Find_InARequest_IsItsUser()
    {
        _http.HttpContext = new DefaultHttpContext { User = Person("anna", "cookie") };

        Assert.Equal(new Actor("anna", "id-anna"), await Actor.FindAsync());
    }

    [Fact]
    public async Task Find_InARequestWithoutSignIn_IsNobody()
    {
        _http.HttpContext = new DefaultHttpContext { User = Person("anna", authenticationType: null) };

        Assert.Null(await Actor.FindAsync());
    }

    [Fact]
    public async Task Find_InACircuit_IsTheCircuitsUserAndNotThatOfTheOldRequest()
    {
        _http.HttpContext = new DefaultHttpContext { User = Person("anna", "cookie") };
        _circuit.SetAuthenticationState(Task.FromResult(new AuthenticationState(Person("vera", "cookie"))));

        Assert.Equal("vera", (await Actor.FindAsync())!.Name);

        _circuit.SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal())));
        Assert.Null(await Actor.FindAsync());
    }

    [Fact]
    public async Task Find_InASystemScope_IsTheServerItself()
    {
        _http.HttpContext = new DefaultHttpContext { User = Person("anna", "cookie") };
        var actor = Actor;
        actor.BecomeSystem();

        Assert.True((await actor.FindAsync())!.IsSystem);
    }

    private static ClaimsPrincipal Person(string name, string? authenticationType) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.NameIdentifier, $"id-{name}")], authenticationType));
}
