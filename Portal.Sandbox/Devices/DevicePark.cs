namespace Portal.Sandbox.Devices;

/// <summary>
/// Makes a believable mixture: half temperature sensors, six on each line's gateway, a third vehicles, the rest plate cameras.
/// </summary>
internal static class DevicePark
{
    private const int SensorsPerLine = 6;

    public static IReadOnlyList<Device> Create(int count)
    {
        var sensors = (count + 1) / 2;
        var vehicles = count / 3;
        return [.. Enumerable.Range(0, count).Select<int, Device>(i =>
            i < sensors ? SensorOnALine(i) :
            i < sensors + vehicles ? new Vehicle(1 + i - sensors, TownOf(i), i) :
            new PlateCamera(1 + i - sensors - vehicles, TownOf(i).Region, i))];
    }

    private static TemperatureSensor SensorOnALine(int i)
    {
        var line = 1 + (i / SensorsPerLine);
        return new TemperatureSensor(line, 1 + (i % SensorsPerLine), TownOf(line).Region, i);
    }

    private static Town TownOf(int number) => Town.All[number % Town.All.Count];
}
