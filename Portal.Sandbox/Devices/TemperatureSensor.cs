using System.Text.Json;
using MQTTnet.Protocol;

namespace Portal.Sandbox.Devices;

/// <summary>A sensor on a production line: its value wanders about a set point, with a hot spell now and then.</summary>
internal sealed class TemperatureSensor(int line, int number, string region, int seed)
    : Device($"gateway-line{line}", region, "TH-200", seed)
{
    private const double SpellsPerReading = 0.005;
    private const double SpellEndsPerReading = 0.05;

    private readonly double _setPoint = 19 + (seed * 7 % 10);
    private readonly MqttQualityOfServiceLevel _qos =
        number == 6 ? MqttQualityOfServiceLevel.AtMostOnce : MqttQualityOfServiceLevel.AtLeastOnce;
    private readonly bool _tellsState = number == 1;
    private double _temperature = 19 + (seed * 7 % 10);
    private double _humidity = 40 + (seed % 12);
    private bool _hot;
    private bool? _toldHot;

    public override string Unit => "celsius";

    public override double Weight => 1;

    public override IEnumerable<Reading> Read(DateTimeOffset now, TimeSpan elapsed)
    {
        _hot = Random.NextDouble() < (_hot ? 1 - SpellEndsPerReading : SpellsPerReading);
        var goal = _hot ? _setPoint + 14 : _setPoint;
        _temperature += ((goal - _temperature) * Math.Min(1, elapsed.TotalSeconds / 20)) + Drift(0.15);
        _humidity = Math.Clamp(_humidity + Drift(0.3), 20, 75);
        yield return new Reading($"plant/line{line}/sensor{number}/temp", JsonSerializer.SerializeToUtf8Bytes(new
        {
            sensor = $"line{line}-sensor{number}",
            temp = Math.Round(_temperature, 2),
            humidity = Math.Round(_humidity, 1),
            ts = now.ToUnixTimeMilliseconds(),
        }))
        { Qos = _qos };

        if (_tellsState && _toldHot != _hot)
        {
            _toldHot = _hot;
            yield return new Reading($"plant/line{line}/state", JsonSerializer.SerializeToUtf8Bytes(new
            {
                line,
                state = _hot ? "overheating" : "running",
                since = now.ToUnixTimeMilliseconds(),
            }))
            { Retain = true };
        }
    }
}
