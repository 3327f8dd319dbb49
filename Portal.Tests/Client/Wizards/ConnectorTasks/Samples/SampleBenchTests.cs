using Portal.Client.Contracts;
using Portal.Client.Wizards.ConnectorTasks.Samples;
using Portal.Tests.Fakes;

namespace Portal.Tests.Client.Wizards.ConnectorTasks.Samples;

public class SampleBenchTests
{
    private static readonly Dictionary<string, int> NoPartitions = [];

    private readonly FakeSamplingService _service = new();

    private SampleBench Bench => field ??= new SampleBench(_service);

    [Fact]
    public void Take_NewerMessages_FollowsTheNewestUntilOneIsChosen()
    {
        Bench.Take(View(Message("b", 2), Message("a", 1)));
        Assert.Equal("b", Bench.Messages[Bench.Chosen].Topic);

        Bench.Choose(1);
        Bench.Take(View(Message("c", 3), Message("b", 2), Message("a", 1)));

        Assert.Equal("a", Bench.Messages[Bench.Chosen].Topic);
        Assert.False(Bench.FollowsNewest);
    }

    [Fact]
    public void Take_ChosenMessageMadeRoom_FollowsTheNewestAgain()
    {
        Bench.Take(View(Message("b", 2), Message("a", 1)));
        Bench.Choose(1);

        Bench.Take(View(Message("c", 3), Message("b", 2)));

        Assert.Equal(("c", true), (Bench.Messages[Bench.Chosen].Topic, Bench.FollowsNewest));
    }

    [Fact]
    public void Write_AMessage_IsLookedAtAndStaysBesideSamples()
    {
        Bench.Write(Message("mine", 5));
        Bench.Take(View(Message("a", 6)));

        Assert.Equal(["mine", "a"], Bench.Messages.Select(message => message.Topic));
        Assert.Equal(0, Bench.Chosen);
        Bench.TakeBack();
        Assert.Equal("a", Bench.Messages[Bench.Chosen].Topic);
    }

    [Fact]
    public void Try_EditedSettings_MapsWhatIsThereWithoutSamplingAgain()
    {
        Bench.Take(View(Message("a", 1), Message("b", 2)));
        _service.Map = (_, message) => new RecordView { Passes = message.Topic == "a", Failure = message.Topic == "a" ? "No key." : "Not looked at." };

        Bench.Try(new ConnectorTaskDraft(), NoPartitions);

        Assert.Equal((1, 1), (Bench.Passing, Bench.Failing));
        Assert.Empty(_service.Requests);
        _service.Map = (_, _) => new RecordView { Passes = null };
        Bench.Try(new ConnectorTaskDraft { Filter = "a = " }, NoPartitions);
        Assert.Null(Bench.Passing);
    }

    [Fact]
    public void Written_Properties_AreReadLineByLine()
    {
        var message = new WrittenMessage { Topic = " a ", Payload = "21", Properties = "region: gz\n\nlane:2\nlane: 3\n::odd: x" };

        Assert.Empty(message.Errors());
        var sample = message.Sample(DateTimeOffset.UnixEpoch);
        Assert.Equal("a", sample.Topic);
        Assert.Equal("21"u8.ToArray(), sample.Payload);
        Assert.Equal([new("region", "gz"), new("lane", "2"), new("lane", "3"), new(":", "odd: x")], sample.UserProperties);
    }

    [Fact]
    public void Written_LineWithoutAColon_IsNamed() =>
        Assert.Equal("Line 2 has no colon: write name: value.", Assert.Single(new WrittenMessage { Properties = "a: 1\nb" }.Errors()).Text);

    private static SampleView View(params MessageSample[] messages) => new() { Progress = SampleProgress.Listening, Messages = messages };

    private static MessageSample Message(string topic, int at) => new() { Topic = topic, Payload = [(byte)at], ReceivedAt = DateTimeOffset.UnixEpoch.AddSeconds(at) };
}
