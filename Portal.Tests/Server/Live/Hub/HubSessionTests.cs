using Microsoft.Extensions.Time.Testing;
using Portal.Server.Live.Hub;
using Portal.Server.Security;

namespace Portal.Tests.Server.Live.Hub;

public class HubSessionTests
{
    [Fact]
    public async Task Keep_SignInThatStandsNoLonger_EndsTheConnectionAtTheNextQuestion()
    {
        var time = new FakeTimeProvider();
        var (stands, asked, aborted) = (true, 0, false);
        var session = HubSession.KeepAsync(
            () =>
            {
                asked++;
                return Task.FromResult(stands);
            },
            () => aborted = true,
            time,
            TestContext.Current.CancellationToken);

        time.Advance(SecurityStamps.Interval);
        await Eventually.TrueAsync(() => Volatile.Read(ref asked) == 1, "asks once");
        Assert.False(aborted);
        stands = false;
        time.Advance(SecurityStamps.Interval);
        await session;

        Assert.True(aborted);
    }
}
