using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Pipelines;
using Portal.Engine.Telemetry;

namespace Portal.Tests.Engine.Telemetry;

public sealed class EngineMetricsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<EngineMetrics>().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, Instrument> _instruments = [];
    private readonly Dictionary<string, long> _sums = [];

    public EngineMetricsTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory)
            {
                _instruments.Add(instrument.Name, instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var name = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
            _sums[name] = _sums.GetValueOrDefault(name) + value;
        });
        _listener.Start();
        Metrics = _services.GetRequiredService<EngineMetrics>();
    }

    private EngineMetrics Metrics { get; }

    [Fact]
    public void Instruments_AreThoseThatTheDocumentationNames()
    {
        var words = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));

        Assert.Equal(9, _instruments.Count);
        Assert.All(_instruments.Values, instrument => Assert.Contains(Series(instrument), words));
    }

    [Fact]
    public void BooksMoved_WhateverTheOutcome_ReceivedIsSettledAndOpen()
    {
        var from = new PipelineBooks { Received = 10, Delivered = 8, Open = 2 };
        var to = new PipelineBooks { Received = 110, Delivered = 58, DeadLettered = 11, Filtered = 12, Expired = 13, Discarded = 4, Abandoned = 5, Open = 7 };

        Metrics.BooksMoved(from, to, bytes: 6_400);

        Assert.Equal(100, _sums["connector.messages.received"]);
        Assert.Equal(6_400, _sums["connector.payload.received"]);
        Assert.Equal(50, _sums["connector.messages.settled delivered"]);
        Assert.Equal(5, _sums["connector.messages.settled abandoned"]);
        Assert.Equal(
            _sums["connector.messages.received"],
            _sums["connector.messages.open"] + _sums.Where(sum => sum.Key.StartsWith("connector.messages.settled", StringComparison.Ordinal)).Sum(sum => sum.Value));
    }

    [Fact]
    public void SessionEnded_AskedOrNot_OnlyTheUnaskedIsLost()
    {
        Metrics.SessionBegan();
        Metrics.SessionBegan();
        Metrics.SessionEnded(asked: true);
        Metrics.SessionEnded(asked: false);

        Assert.Equal(0, _sums["connector.sessions"]);
        Assert.Equal(1, _sums["connector.sessions.lost"]);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    // As Prometheus spells it: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
    private static string Series(Instrument instrument) =>
        instrument.Name.Replace('.', '_')
        + instrument.Unit switch { "By" => "_bytes", "s" => "_seconds", _ => "" }
        + (instrument is Counter<long> ? "_total" : "");
}
