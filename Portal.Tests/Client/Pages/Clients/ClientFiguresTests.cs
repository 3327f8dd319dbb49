using Portal.Client.Contracts;
using Portal.Client.Pages.Clients;

namespace Portal.Tests.Client.Pages.Clients;

public class ClientFiguresTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, "Nothing received")]
    [InlineData(45871, 45864, 0, 7, "45 871 = 45 864 delivered + 7 open")]
    [InlineData(10, 7, 2, 0, "10 = 7 delivered + 2 dead letters + 1 unaccounted for")]
    public void Books_NameTheTermsThatAreNotZero(long received, long delivered, long deadLettered, long open, string expected)
    {
        var client = new TaskClientLive { ClientId = "task-1-0", Status = LiveClientStatus.Online, Books = TaskBooks.Empty with { Received = received, Delivered = delivered, DeadLettered = deadLettered, Open = open } };

        // Thin spaces part thousands; which kind of space is Numbers' affair.
        Assert.Equal(expected, string.Concat(ClientFigures.Books(client).Select(sign => char.IsWhiteSpace(sign) ? ' ' : sign)));
    }

    [Fact]
    public void Latency_SaysWhatItKnows()
    {
        var client = new TaskClientLive { ClientId = "task-1-0", Status = LiveClientStatus.Online };

        Assert.Equal("Nothing delivered in the last minute", ClientFigures.Latency(client));
        Assert.Equal("p50 4 ms · p95 8 ms · p99 1.2 s", string.Concat(
            ClientFigures.Latency(client with { LatencyP50 = 4.2, LatencyP95 = 7.9, LatencyP99 = 1200 }).Select(sign => char.IsWhiteSpace(sign) ? ' ' : sign)));
        Assert.Equal("Not told by messages of the last minute", ClientFigures.PublishLatency(client));
        Assert.StartsWith("p50 41", ClientFigures.PublishLatency(client with { PublishLatencyP50 = 41, PublishLatencyP95 = 52, PublishLatencyP99 = 63 }));
    }

    [Theory]
    [InlineData(LiveClientStatus.Waiting, "Server busy (0x89)")]
    [InlineData(LiveClientStatus.Connecting, "Server busy (0x89)")]
    [InlineData(LiveClientStatus.Online, null)]
    [InlineData(LiveClientStatus.Draining, null)]
    [InlineData(LiveClientStatus.Closed, null)]
    public void Cause_IsOnlyOfOneThatIsToBeOnline(LiveClientStatus status, string? cause) =>
        Assert.Equal(cause, ClientFigures.Cause(new TaskClientLive { ClientId = "task-1-0", Status = status, LastError = "Server busy (0x89)" }));

    [Fact]
    public void SameWords_OnlyFiguresDiffer_NothingIsRendered()
    {
        var client = new TaskClientLive { ClientId = "task-1-0", Status = LiveClientStatus.Online };

        Assert.True(ClientFigures.SameWords([client], [client with { OldestOpen = TimeSpan.FromSeconds(2), LatencyP50 = 4, LatencyP95 = 5, LatencyP99 = 6, PublishLatencyP50 = 7 }]));
        Assert.False(ClientFigures.SameWords([client], [client with { LastError = "The broker closed the connection." }]));
    }
}
