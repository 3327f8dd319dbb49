using Portal.Client.Components.Texts;

namespace Portal.Tests.Client.Components.Texts;

public class NumbersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0L, "0")]
    [InlineData(999L, "999")]
    [InlineData(10_000L, "10\u202f000")]
    [InlineData(48_212_110L, "48\u202f212\u202f110")]
    public void Count_AnyNumber_IsGroupedByThinSpaces(long value, string expected) => Assert.Equal(expected, Numbers.Count(value));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.25, "0.3")]
    [InlineData(9.6, "9.6")]
    [InlineData(9.96, "10")]
    [InlineData(310, "310")]
    [InlineData(999.4, "999")]
    [InlineData(999.6, "1.0\u202fk")]
    [InlineData(12_400, "12.4\u202fk")]
    [InlineData(99_960, "100\u202fk")]
    [InlineData(999_960, "1.0\u202fM")]
    [InlineData(2_900_000_000, "2.9\u202fG")]
    public void Rate_AnyRate_HasThreeDigitsAndAPrefix(double value, string expected) => Assert.Equal(expected, Numbers.Rate(value));

    [Fact]
    public void Unknown_EachKind_IsADashAndNeverZero()
    {
        Assert.All([Numbers.Count(null), Numbers.Rate(null), Numbers.Rate(double.NaN), Numbers.Bytes(null), Numbers.Duration(null)],
            text => Assert.Equal("—", text));
    }

    [Theory]
    [InlineData(1L, "1 byte")]
    [InlineData(75L, "75 bytes")]
    [InlineData(1_536L, "1.5 KiB")]
    [InlineData(268_435_456L, "256 MiB")]
    public void Bytes_AnyAmount_IsInBinaryUnits(long value, string expected) => Assert.Equal(expected, Numbers.Bytes(value));

    [Theory]
    [InlineData(0, "< 1 ms")]
    [InlineData(0.4, "< 1 ms")]
    [InlineData(4, "4 ms")]
    [InlineData(1_240, "1.2 s")]
    [InlineData(29_900, "29 s")]
    [InlineData(131_000, "2 min 11 s")]
    [InlineData(120_000, "2 min")]
    [InlineData(792_000_000, "9 d 4 h")]
    public void Duration_AnySpan_IsInItsTwoLargestUnits(double milliseconds, string expected) =>
        Assert.Equal(expected, Numbers.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(0, "now")]
    [InlineData(-4, "now")]
    [InlineData(40, "40 s ago")]
    [InlineData(200, "3 min ago")]
    [InlineData(7_300, "2 h ago")]
    [InlineData(800_000, "9 d ago")]
    [InlineData(-24, "in 24 s")]
    public void Relative_AnyDistance_SaysWhichWay(int secondsAgo, string expected) =>
        Assert.Equal(expected, Numbers.Relative(Now.AddSeconds(-secondsAgo), Now));
}
