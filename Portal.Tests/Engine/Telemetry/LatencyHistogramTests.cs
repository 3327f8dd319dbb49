using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Telemetry;

namespace Portal.Tests.Engine.Telemetry;

public class LatencyHistogramTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LatencyHistogram _histogram;

    public LatencyHistogramTests() => _histogram = new LatencyHistogram(_time);

    [Fact]
    public void Read_Nothing_IsNull() => Assert.Null(_histogram.Read().P50);

    [Fact]
    public void Read_KnownDistribution_IsWithinABucket()
    {
        for (var milliseconds = 1; milliseconds <= 1000; milliseconds++)
        {
            Record(milliseconds);
        }

        var latency = _histogram.Read();

        Assert.InRange(latency.P50!.Value, 500 * 0.94, 500 * 1.06);
        Assert.InRange(latency.P95!.Value, 950 * 0.94, 950 * 1.06);
        Assert.InRange(latency.P99!.Value, 990 * 0.94, 990 * 1.06);
    }

    [Fact]
    public void Read_AfterAMinute_HasForgotten()
    {
        Record(5);
        _time.Advance(TimeSpan.FromSeconds(30));
        _histogram.Turn(_time.GetTimestamp());
        Assert.NotNull(_histogram.Read().P50);

        _time.Advance(TimeSpan.FromSeconds(40));
        _histogram.Turn(_time.GetTimestamp());

        Assert.Null(_histogram.Read().P50);
    }

    private void Record(double milliseconds)
    {
        _histogram.Turn(_time.GetTimestamp());
        _histogram.Record((long)(milliseconds / 1000 * _time.TimestampFrequency));
    }
}
