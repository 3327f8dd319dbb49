namespace Portal.Sandbox.Devices;

/// <summary>Where devices are.</summary>
internal sealed record Town(string Region, double Latitude, double Longitude)
{
    public static IReadOnlyList<Town> All { get; } =
        [new("gz", 23.1291, 113.2644), new("sh", 31.2304, 121.4737), new("bj", 39.9042, 116.4074)];
}
