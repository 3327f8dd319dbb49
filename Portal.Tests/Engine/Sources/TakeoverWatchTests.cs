using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Sources;
using Portal.Engine.Sources.Wire;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Sources;

/// <summary>Two programs that take one client id from each other, as MQTT 3.1.1 shows it: nothing but sessions that end.</summary>
public sealed class TakeoverWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly EngineRig _rig = new();
    private readonly TakeoverWatch _watch;

    public TakeoverWatchTests() =>
        _watch = new TakeoverWatch(new TaskClientSetup(0, 0, "c", _rig.Spec(MqttProtocol.V311).Source, new DeliverySpec(), Subscribes: true), _time);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public void Look_SessionsLiveAsLongAsTheOtherWaits_StaysContested()
    {
        CutOff(Short, Short, Short);
        Assert.True(_watch.IsContested);

        CutOff(Long, Short, Long, Short);

        Assert.True(_watch.IsContested);
    }

    [Fact]
    public void Look_LongSessionsOnly_CountsNothing()
    {
        CutOff(Long, Long, Long, Long);

        Assert.False(_watch.IsContested);
    }

    [Fact]
    public void Look_NothingShortForAMinute_IsOver()
    {
        CutOff(Short, Short, Short, Long, Long, Long);
        Assert.False(_watch.IsContested);

        CutOff(Short);
        Assert.False(_watch.IsContested);
    }

    [Fact]
    public void Forget_AnAttemptFailed_CountsAnew()
    {
        CutOff(Short, Short, Short);

        _watch.Forget();

        Assert.False(_watch.IsContested);
    }

    private void CutOff(params TimeSpan[] lived)
    {
        foreach (var session in lived)
        {
            _time.Advance(session);
            _watch.Look(new SessionEnd(SessionEndKind.Lost, "The broker closed the connection."), session);
        }
    }
}
