using Portal.Server.Live.Roster;

namespace Portal.Tests.Server.Live.Roster;

public sealed class OutageBudgetTests
{
    [Theory]
    [InlineData(0, 10_000, 100, 3600L, 100L)]
    [InlineData(9_000, 10_000, 100, 3600L, 10L)]
    [InlineData(10_000, 10_000, 100, 3600L, 0L)]
    [InlineData(20_000, 10_000, 100, 3600L, 0L)]
    [InlineData(0, 10_000, 1, 3600L, 3600L)]
    [InlineData(0, 10_000, 0, 3600L, 3600L)]
    [InlineData(0, 100_000, 99.9, null, 960L)]
    public void Of_QueueAndRate_IsTheShorterOfFullAndExpired(long waiting, long limit, double rate, long? expiry, long? budget) =>
        Assert.Equal(budget, OutageBudget.Of(new BrokerQueue(waiting, limit), rate, expiry));

    [Fact]
    public void Of_BrokerThatDoesNotTell_IsUnknown() => Assert.Null(OutageBudget.Of(null, 100, 3600));

    [Fact]
    public void Of_NothingComesAndNothingExpires_IsUnknown() => Assert.Null(OutageBudget.Of(new BrokerQueue(0, 10), 0, null));
}
