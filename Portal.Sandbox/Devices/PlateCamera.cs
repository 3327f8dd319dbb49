using System.Text.Json;
using MQTTnet.Protocol;

namespace Portal.Sandbox.Devices;

/// <summary>A camera at a gate that reads number plates of what drives by.</summary>
internal sealed class PlateCamera(int gate, string region, int seed) : Device($"camera-gate{gate}", region, "LPR-4K", seed)
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string LettersAndDigits = Letters + "0123456789";

    // A toll gate must not count twice: one camera asks for exactly once.
    private readonly MqttQualityOfServiceLevel _qos =
        gate == 1 ? MqttQualityOfServiceLevel.ExactlyOnce : MqttQualityOfServiceLevel.AtLeastOnce;

    public override string Unit => "km/h";

    public override double Weight => 0.75;

    public override IEnumerable<Reading> Read(DateTimeOffset now, TimeSpan elapsed)
    {
        var lane = Random.Next(1, 4);
        yield return new Reading($"city/gate{gate}/plates", JsonSerializer.SerializeToUtf8Bytes(new
        {
            gate = $"gate{gate}",
            plate = Plate(),
            speed = Math.Round(Math.Clamp(38 + (8 * lane) + Drift(25), 5, 140), 1),
            lane,
            confidence = Math.Round(1 - (0.25 * Math.Pow(Random.NextDouble(), 3)), 3),
            ts = now.ToUnixTimeMilliseconds(),
        }))
        { Qos = _qos };
    }

    /// <summary>Traffic comes in bunches: an exponential pause, kept within what still looks alive.</summary>
    public override TimeSpan Pause(TimeSpan period) => period * Math.Clamp(-Math.Log(1 - Random.NextDouble()), 0.05, 4);

    private string Plate() =>
        $"{new string(Random.GetItems<char>(Letters, 2))}-{new string(Random.GetItems<char>(LettersAndDigits, 5))}";
}
