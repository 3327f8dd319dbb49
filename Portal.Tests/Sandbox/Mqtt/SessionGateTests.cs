using Portal.Sandbox.Mqtt.Groups;

namespace Portal.Tests.Sandbox.Mqtt;

public sealed class SessionGateTests
{
    private readonly List<int> _queue = [];
    private readonly SessionGate _gate = new();

    [Fact]
    public void Pass_WhileOpen_EntersAtOnceAndTellsWhetherThereWasRoom()
    {
        Assert.True(_gate.Pass(() => Enqueue(1)));
        Assert.False(_gate.Pass(() => false));
        Assert.Equal([1], _queue);
    }

    [Fact]
    public void Pass_WhileClosed_WaitsAndKeepsTheOrder()
    {
        _gate.Close();
        Assert.True(_gate.Pass(() => Enqueue(1)));
        Assert.True(_gate.Pass(() => Enqueue(2)));
        Assert.Empty(_queue);

        Assert.Equal(0, _gate.Open());
        Assert.True(_gate.Pass(() => Enqueue(3)));

        Assert.Equal([1, 2, 3], _queue);
    }

    [Fact]
    public void Close_Twice_KeepsWhatWaits()
    {
        _gate.Close();
        _gate.Pass(() => Enqueue(1));
        _gate.Close();

        _gate.Open();

        Assert.Equal([1], _queue);
    }

    [Fact]
    public void Open_WithoutRoom_TellsHowManyWereRefused()
    {
        _gate.Close();
        _gate.Pass(() => Enqueue(1));
        _gate.Pass(() => false);
        _gate.Pass(() => false);

        Assert.Equal(2, _gate.Open());
        Assert.Equal(0, _gate.Open());
    }

    private bool Enqueue(int number)
    {
        _queue.Add(number);
        return true;
    }
}
