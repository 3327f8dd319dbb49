using FsCheck;
using FsCheck.Fluent;
using Portal.Sandbox.Mqtt.Transport;

namespace Portal.Tests.Sandbox.Mqtt;

public sealed class DisconnectWatchTests
{
    private static readonly byte[] EndsSession = [0xE0, 0x07, 0x00, 0x05, 0x11, 0, 0, 0, 0];
    private static readonly byte[] KeepsSession = [0xE0, 0x07, 0x00, 0x05, 0x11, 0, 0, 0, 1];

    // A PUBACK whose body looks like the header of a DISCONNECT, a PINGREQ, a long PUBLISH that holds a DISCONNECT.
    private static readonly byte[][] Others = [[0x40, 0x02, 0xE0, 0x07], [0xC0, 0x00], [0x30, 0x8C, 0x01, .. EndsSession, .. new byte[131]]];

    [Fact]
    public void Read_CutAnywhere_SeesExactlyTheDisconnectThatEndsTheSession()
    {
        var cases =
            from others in Gen.Elements(Others).ListOf()
            from last in Gen.Elements(EndsSession, KeepsSession, [0xE0, 0x00], [0xE0, 0x02, 0x00, 0x00])
            from cuts in Gen.Choose(1, 7).NonEmptyListOf()
            select (Stream: others.SelectMany(packet => packet).Concat(last).ToArray(), Ends: last == EndsSession, Cuts: cuts.ToArray());

        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            var watch = new DisconnectWatch();
            var rest = sample.Stream.AsSpan();
            for (var i = 0; !rest.IsEmpty; i++)
            {
                var part = rest[..Math.Min(sample.Cuts[i % sample.Cuts.Length], rest.Length)];
                watch.Read(part);
                rest = rest[part.Length..];
            }

            return watch.EndsSession == sample.Ends;
        }).QuickCheckThrowOnFailure();
    }
}
