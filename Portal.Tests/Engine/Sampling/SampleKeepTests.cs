using Portal.Engine.Sampling;

namespace Portal.Tests.Engine.Sampling;

public sealed class SampleKeepTests
{
    [Fact]
    public void Add_MoreThanFit_KeepsTheOnlyMessageOfAQuietTopic()
    {
        var keep = new SampleKeep(3, 1_000);
        keep.Add(Message("quiet", 1));
        for (var at = 2; at <= 9; at++)
        {
            keep.Add(Message("busy", at));
        }

        Assert.True(keep.IsFull);
        Assert.Equal([9L, 8, 1], keep.Newest.Select(message => message.ReceivedAt));
    }

    [Fact]
    public void Add_ManyQuietTopics_TheNewestStay()
    {
        var keep = new SampleKeep(2, 1_000);
        foreach (var at in new[] { 1, 2, 3 })
        {
            keep.Add(Message($"t{at}", at));
        }

        Assert.Equal([3L, 2], keep.Newest.Select(message => message.ReceivedAt));
    }

    [Fact]
    public void Add_TooManyBytes_OlderOnesMakeRoom()
    {
        var keep = new SampleKeep(10, 100);
        keep.Add(Message("a", 1, 60));
        keep.Add(Message("b", 2, 60));
        keep.Add(Message("c", 3, 101));

        Assert.Equal([2L], keep.Newest.Select(message => message.ReceivedAt));
    }

    private static SampledMessage Message(string topic, long at, int size = 1) =>
        SampledMessage.Compose(topic, new byte[size], new MessageProperties(), 0, false, at);
}
