using Portal.Engine.Sources.Wire;

namespace Portal.Tests.Engine.Sources.Wire;

public class ConnackFactsTests
{
    [Fact]
    public void WordsOfDisconnect_ReasonAndServer_AreBothSaid()
    {
        byte[] properties = [13, 0x1F, 0, 4, .. "busy"u8, 0x1C, 0, 3, .. "b:1"u8];

        Assert.Equal(" The broker says: busy It names another server: b:1.", ConnackFacts.WordsOfDisconnect(properties));
    }

    [Fact]
    public void WordsOfDisconnect_ManyWords_AreCut()
    {
        byte[] properties = [0x93, 0x03, 0x1F, 0x01, 0x90, .. Enumerable.Repeat((byte)'x', 400)];

        Assert.Equal($" The broker says: {new string('x', 300)}…", ConnackFacts.WordsOfDisconnect(properties));
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 9, 0x1F })]
    [InlineData(new byte[] { 2, 0x1F, 0 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    public void WordsOfDisconnect_NothingOrGarbage_IsEmpty(byte[] properties) => Assert.Equal("", ConnackFacts.WordsOfDisconnect(properties));
}
