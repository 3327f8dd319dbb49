using System.Text.Json;
using Portal.Sandbox.Devices;

namespace Portal.Tests.Sandbox.Devices;

public sealed class DeviceTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 1, 0, 0)]
    [InlineData(36, 18, 12, 6)]
    [InlineData(1000, 500, 333, 167)]
    public void Create_OfAnyNumber_MixesTheKinds(int count, int sensors, int vehicles, int cameras)
    {
        var park = DevicePark.Create(count);

        Assert.Equal((sensors, vehicles, cameras), (park.OfType<TemperatureSensor>().Count(), park.OfType<Vehicle>().Count(), park.OfType<PlateCamera>().Count()));
    }

    [Fact]
    public void Read_OverAnHour_StaysBelievable()
    {
        foreach (var device in DevicePark.Create(36))
        {
            JsonElement? before = null;
            for (var second = 1; second <= 3600; second++)
            {
                var now = Start + TimeSpan.FromSeconds(second);
                foreach (var reading in device.Read(now, TimeSpan.FromSeconds(1)).Where(reading => !reading.Retain))
                {
                    var values = JsonDocument.Parse(reading.Json).RootElement;
                    AssertBelievable(device, values, before);
                    before = values;
                }
            }
        }
    }

    [Fact]
    public void Read_OfTheSameDeviceAfterARestart_TellsTheSame()
    {
        foreach (var (first, second) in DevicePark.Create(36).Zip(DevicePark.Create(36)))
        {
            Assert.Equal(first.Read(Start, TimeSpan.FromSeconds(1)).Select(Text), second.Read(Start, TimeSpan.FromSeconds(1)).Select(Text));
        }

        static string Text(Reading reading) => $"{reading.Topic} {System.Text.Encoding.UTF8.GetString(reading.Json)}";
    }

    private static void AssertBelievable(Device device, JsonElement values, JsonElement? before)
    {
        switch (device)
        {
            case TemperatureSensor:
                Assert.InRange(values.GetProperty("temp").GetDouble(), 10, 50);
                Assert.InRange(Change("temp"), 0, 2);
                break;
            case Vehicle:
                // 95 km/h is 26 m in a second, well below 0.0005 degrees on these latitudes.
                Assert.InRange(values.GetProperty("speed").GetDouble(), 0, 95);
                Assert.InRange(Change("lat"), 0, 0.0005);
                Assert.InRange(Change("lon"), 0, 0.0005);
                break;
            default:
                Assert.InRange(values.GetProperty("confidence").GetDouble(), 0.7, 1);
                Assert.Matches("^[A-Z]{2}-[A-Z0-9]{5}$", values.GetProperty("plate").GetString());
                break;
        }

        double Change(string name) => before is { } last ? Math.Abs(values.GetProperty(name).GetDouble() - last.GetProperty(name).GetDouble()) : 0;
    }
}
