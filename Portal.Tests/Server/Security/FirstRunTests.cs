using Microsoft.EntityFrameworkCore;
using Portal.Server.Security;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.Security;

public sealed class FirstRunTests : IDisposable
{
    private readonly ServerDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Open_WhileSomebodyCanSignIn_StaysClosed()
    {
        var run = new FirstRun(_database);
        await run.OpenAsync(Token);

        Assert.False(run.IsOpen);
        Assert.False(run.Accepts(null));
        Assert.False(run.Accepts(""));
    }

    [Fact]
    public async Task Accepts_OnlyTheTokenOfThisStart_UntilItIsClosed()
    {
        await _database.ReadAsync(db => db.Users.ExecuteDeleteAsync(Token));
        var (before, now) = (new FirstRun(_database), new FirstRun(_database));
        await before.OpenAsync(Token);
        await now.OpenAsync(Token);

        Assert.False(now.Accepts(before.Token));
        Assert.False(now.Accepts(now.Token![..^1]));
        Assert.True(now.Accepts($" {now.Token} "));

        var token = now.Token;
        now.Close();
        Assert.False(now.Accepts(token));
    }
}
