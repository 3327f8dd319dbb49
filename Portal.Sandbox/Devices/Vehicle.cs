using System.Globalization;
using System.Text.Json;

namespace Portal.Sandbox.Devices;

/// <summary>A vehicle that drives a closed route for ever.</summary>
internal sealed class Vehicle : Device
{
    private const double MetresPerDegree = 111_320;
    private const int Corners = 9;

    private readonly string _name;
    private readonly (double Latitude, double Longitude)[] _route;
    private int _leg;
    private double _metresIntoLeg;
    private double _speed;

    public Vehicle(int number, Town town, int seed) : base(Name(number), town.Region, "GPS-7", seed)
    {
        _name = Name(number);
        // Everybody gets a round of their own about the town, so that the points do not lie on top of each other on a map.
        var size = 0.02 + (0.05 * Random.NextDouble());
        var turn = Random.NextDouble() * Math.PI;
        _route = [.. Enumerable.Range(0, Corners).Select(corner => Corner(town, size, turn + (corner * Math.Tau / Corners)))];
        _speed = 30 + (30 * Random.NextDouble());
    }

    public override string Unit => "km/h";

    public override double Weight => 1.5;

    public override IEnumerable<Reading> Read(DateTimeOffset now, TimeSpan elapsed)
    {
        _speed = Math.Clamp(_speed + Drift(4), 0, 95);
        _metresIntoLeg += _speed / 3.6 * elapsed.TotalSeconds;
        var (from, to, length) = Leg();
        while (_metresIntoLeg >= length)
        {
            _metresIntoLeg -= length;
            _leg = (_leg + 1) % _route.Length;
            (from, to, length) = Leg();
        }

        var part = _metresIntoLeg / length;
        yield return new Reading($"fleet/{_name}/gps", JsonSerializer.SerializeToUtf8Bytes(new
        {
            vehicle = _name,
            lat = Math.Round(from.Latitude + ((to.Latitude - from.Latitude) * part), 6),
            lon = Math.Round(from.Longitude + ((to.Longitude - from.Longitude) * part), 6),
            speed = Math.Round(_speed, 1),
            heading = Math.Round(Heading(from, to)),
            ts = now.ToUnixTimeMilliseconds(),
        }));
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"truck-{number:00}");

    private (double Latitude, double Longitude) Corner(Town town, double size, double angle)
    {
        var distance = size * (0.7 + (0.3 * Random.NextDouble()));
        return (town.Latitude + (distance * Math.Sin(angle)), town.Longitude + (distance * Math.Cos(angle)));
    }

    private static double Heading((double Latitude, double Longitude) from, (double Latitude, double Longitude) to)
    {
        var east = (to.Longitude - from.Longitude) * Math.Cos(from.Latitude * Math.PI / 180);
        return ((Math.Atan2(east, to.Latitude - from.Latitude) * 180 / Math.PI) + 360) % 360;
    }

    private ((double Latitude, double Longitude) From, (double Latitude, double Longitude) To, double Metres) Leg()
    {
        var from = _route[_leg];
        var to = _route[(_leg + 1) % _route.Length];
        var east = (to.Longitude - from.Longitude) * Math.Cos(from.Latitude * Math.PI / 180);
        return (from, to, MetresPerDegree * Math.Sqrt(Math.Pow(east, 2) + Math.Pow(to.Latitude - from.Latitude, 2)));
    }
}
