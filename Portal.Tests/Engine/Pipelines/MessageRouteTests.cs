using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Mapping;
using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;
using Portal.Engine.Sources;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Pipelines;

public class MessageRouteTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly SecondsMapper _mapper = new();
    private readonly MessageRoute _route;

    public MessageRouteTests() => _route = new MessageRoute(
        new PipelineFlow(_mapper) { Sink = new FakeRecordSink(new RecordingListener()), IsOpen = true }, _time);

    [Theory]
    [InlineData(0, true, 0)]
    [InlineData(3_999, true, 3)]
    [InlineData(10_000, true, 10)]
    [InlineData(3_999, false, 0)]
    public void Take_WithAnExpiry_SaysHowLongItWasHeld(int milliseconds, bool held, int expected)
    {
        Assert.Equal(RouteResult.Taken, Take(Message(expires: true), milliseconds, held));

        Assert.Equal((uint)expected, Assert.Single(_mapper.SecondsHeld));
    }

    [Fact]
    public void Take_HeldForLongerThanItsExpiry_IsExpired()
    {
        Assert.Equal(RouteResult.Expired, Take(Message(expires: true), 10_001, held: true));

        Assert.Empty(_mapper.SecondsHeld);
    }

    [Fact]
    public void Take_ClockSetBackMeanwhile_CountsNothing() => Assert.Equal(RouteResult.Taken, Take(Message(expires: true), -5_000, held: true));

    [Fact]
    public void Take_WithoutAnExpiry_IsHandedOnAsItIs()
    {
        Assert.Equal(RouteResult.Taken, Take(Message(expires: false), 60_000, held: true));

        Assert.Equal(0u, Assert.Single(_mapper.SecondsHeld));
    }

    private RouteResult Take(Func<long, FakeMessage> message, int waited, bool held) =>
        _route.Take(message(_time.GetUtcNow().ToUnixTimeMilliseconds() - waited).Read(), new DeliveryToken(1), held);

    private static Func<long, FakeMessage> Message(bool expires) => receivedAt =>
    {
        var message = new FakeMessage { ReceivedAt = receivedAt };
        return expires ? message.WithNumber(PublishProperty.MessageExpiryInterval, 0, 0, 0, 10) : message;
    };

    private sealed class SecondsMapper : IRecordMapper
    {
        public List<uint> SecondsHeld { get; } = [];

        public MapOutcome Map(in InboundMessage message, KafkaRecord record, out string? failure)
        {
            failure = null;
            SecondsHeld.Add(message.SecondsHeld);
            return MapOutcome.Mapped;
        }
    }
}
