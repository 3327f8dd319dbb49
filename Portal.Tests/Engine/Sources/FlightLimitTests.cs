using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Sources;

namespace Portal.Tests.Engine.Sources;

/// <summary>The limit against a Kafka of numbers: it confirms so many a second, none earlier than after its latency.</summary>
public class FlightLimitTests
{
    private const int Window = 5000;

    [Theory]
    [InlineData(400_000, 3)]
    [InlineData(100_000, 6)]
    [InlineData(20_000, 40)]
    [InlineData(30_000, 150)]
    [InlineData(1_000, 5)]
    public void Flood_AnyKafka_TakesAllThatItCanAndQueuesLittle(int perSecond, int latency)
    {
        var kafka = new Simulation(perSecond, latency);
        kafka.Run(TimeSpan.FromSeconds(5));

        var (confirmed, open) = kafka.Run(TimeSpan.FromSeconds(40));

        var possible = Math.Min(perSecond, Window * 1000.0 / latency);
        Assert.InRange(confirmed / possible, 0.97, 1.01);
        var needed = Math.Max(FlightLimit.Floor, possible * latency / 1000);
        Assert.InRange(open, 0, 2.5 * needed + 64);
    }

    [Fact]
    public void Flood_KafkaBecomesFaster_IsFoundOut()
    {
        var kafka = new Simulation(10_000, 5);
        kafka.Run(TimeSpan.FromSeconds(15));

        kafka.PerSecond = 400_000;
        kafka.Run(TimeSpan.FromSeconds(1));

        Assert.InRange(kafka.Run(TimeSpan.FromSeconds(10)).Confirmed, 0.95 * 400_000, 1.01 * 400_000);
    }

    [Fact]
    public void Flood_KafkaMovesFarAway_IsFoundOut()
    {
        var kafka = new Simulation(40_000, 5);
        kafka.Run(TimeSpan.FromSeconds(15));

        kafka.Latency = 100;
        kafka.Run(TimeSpan.FromSeconds(30));

        Assert.InRange(kafka.Run(TimeSpan.FromSeconds(10)).Confirmed, 0.95 * 40_000, 1.01 * 40_000);
    }

    [Theory]
    [InlineData(400_000, 3)]
    [InlineData(30_000, 150)]
    public void Flood_JustBegun_NeverFillsTheWindowOnTheWay(int perSecond, int latency)
    {
        var kafka = new Simulation(perSecond, latency);

        kafka.Run(TimeSpan.FromSeconds(3));

        var needed = Math.Min(Window, (double)perSecond * latency / 1000);
        Assert.InRange(kafka.Most, FlightLimit.Floor, Math.Max(2 * FlightLimit.Floor, 2.5 * needed));
        Assert.InRange(kafka.Run(TimeSpan.FromSeconds(1)).Confirmed, 0.95 * perSecond, 1.01 * perSecond);
    }

    [Fact]
    public void Flood_AfterAnOutage_IsBackWithinSeconds()
    {
        var kafka = new Simulation(30_000, 100);
        kafka.Run(TimeSpan.FromSeconds(15));

        kafka.PerSecond = 0;
        kafka.Run(TimeSpan.FromSeconds(60));
        kafka.PerSecond = 30_000;
        kafka.Run(TimeSpan.FromSeconds(2));

        Assert.InRange(kafka.Run(TimeSpan.FromSeconds(5)).Confirmed, 0.95 * 30_000, 1.01 * 30_000);
    }

    [Fact]
    public void Flood_KafkaSilentAtFirst_QueuesLittleSoonAfter()
    {
        var kafka = new Simulation(0, 3);
        kafka.Limit.Lift();
        kafka.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(Window, kafka.Most);

        kafka.PerSecond = 100_000;
        kafka.Run(TimeSpan.FromSeconds(2));

        var (confirmed, open) = kafka.Run(TimeSpan.FromSeconds(2));
        Assert.InRange(confirmed, 0.97 * 100_000, 1.01 * 100_000);
        Assert.InRange(open, 0, 2.5 * FlightLimit.Floor);
    }

    [Fact]
    public void Limit_NothingConfirmedYet_IsTheFloor()
    {
        var limit = new FlightLimit(Window, new FakeTimeProvider());

        Assert.True(limit.Allows(FlightLimit.Floor - 1));
        Assert.False(limit.Allows(FlightLimit.Floor));
    }

    [Fact]
    public void Limit_Lifted_IsNone()
    {
        var kafka = new Simulation(100_000, 3);
        kafka.Run(TimeSpan.FromSeconds(5));
        Assert.False(kafka.Limit.Allows(Window - 1));

        kafka.Limit.Lift();

        Assert.True(kafka.Limit.Allows(Window));
    }

    [Fact]
    public void Limit_WindowBelowTheFloor_IsTheWindow()
    {
        var kafka = new Simulation(100_000, 3, window: 20);

        kafka.Run(TimeSpan.FromSeconds(5));

        Assert.Equal(20, kafka.Limit.Limit);
        // Whether the window is full is the ledger's to say.
        Assert.True(kafka.Limit.Allows(20));
    }

    /// <summary>A flood through the limit, in steps of a tenth of a millisecond.</summary>
    private sealed class Simulation
    {
        private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(0.1);

        private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
        private readonly Queue<long> _open = new();
        private readonly int _window;
        private double _credit;

        public Simulation(int perSecond, double latency, int window = Window)
        {
            (PerSecond, Latency, _window) = (perSecond, latency, window);
            Limit = new FlightLimit(window, _time);
        }

        public int PerSecond { get; set; }

        /// <summary>Milliseconds.</summary>
        public double Latency { get; set; }

        public FlightLimit Limit { get; }

        /// <summary>The most that was open at a time.</summary>
        public int Most { get; private set; }

        /// <returns>Confirmed a second, and open on average.</returns>
        public (double Confirmed, double Open) Run(TimeSpan span)
        {
            var (confirmed, open, steps) = (0L, 0L, (int)(span / Step));
            for (var step = 0; step < steps; step++)
            {
                while (_open.Count < _window && Limit.Allows(_open.Count))
                {
                    _open.Enqueue(_time.GetTimestamp());
                    Most = Math.Max(Most, _open.Count);
                }

                _time.Advance(Step);
                // What it could not use it does not save up.
                _credit = Math.Min(_credit + (PerSecond * Step.TotalSeconds), PerSecond * Step.TotalSeconds + 1);
                while (_credit >= 1 && _open.TryPeek(out var oldest) && _time.GetElapsedTime(oldest).TotalMilliseconds >= Latency)
                {
                    Limit.Answered(_open.Dequeue());
                    (_credit, confirmed) = (_credit - 1, confirmed + 1);
                }

                open += _open.Count;
            }

            return (confirmed / span.TotalSeconds, (double)open / steps);
        }
    }
}
