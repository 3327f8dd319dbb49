using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Channel;
using Portal.Engine.Sources.Wire;

namespace Portal.Tests.Engine.Sources.Wire;

public sealed class KeepAliveTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _deaths = [];

    [Theory]
    [InlineData(30, 30)]
    [InlineData(0, 60)]
    public void Tick_BrokerSendsButTakesNothing_EndsAfterTheKeepAlive(int keepAlive, int limit)
    {
        var sending = new SendBuffer(new DeafChannel(), _time, _ => { });
        using var alive = new KeepAlive(_time, sending, _deaths.Add);
        alive.Begin(TimeSpan.FromSeconds(keepAlive));
        alive.Hold();
        sending.Append([0x40, 2, 0, 1]);
        sending.Send();

        HearFor(alive, limit - 1);
        Assert.Empty(_deaths);
        HearFor(alive, limit);

        Assert.Contains("took nothing of what we sent", _deaths[0]);
    }

    [Fact]
    public void Tick_BrokerTakesWhatIsSent_IsAliveHoweverLongReadingIsHeld()
    {
        var sending = new SendBuffer(new DeafChannel { Takes = true }, _time, _ => { });
        using var alive = new KeepAlive(_time, sending, _deaths.Add);
        alive.Begin(TimeSpan.FromSeconds(30));
        alive.Hold();

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Empty(_deaths);
    }

    private void HearFor(KeepAlive alive, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            alive.Heard(_time.GetTimestamp());
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>A connection whose other end reads nothing, or everything.</summary>
    private sealed class DeafChannel : IMqttChannel
    {
        public bool Takes { get; init; }

        public X509Certificate2 ClientCertificate => null!;

        public EndPoint RemoteEndPoint => null!;

        public EndPoint LocalEndPoint => null!;

        public bool IsSecureConnection => false;

        public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(0);

        public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) =>
            Takes ? Task.CompletedTask : new TaskCompletionSource().Task;

        public void Dispose()
        {
        }
    }
}
