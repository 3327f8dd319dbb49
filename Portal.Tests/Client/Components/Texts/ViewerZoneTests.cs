using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Texts;

public class ViewerZoneTests
{
    private static readonly ViewerZone Shanghai = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
    private static readonly ViewerZone Berlin = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

    [Theory]
    [InlineData(null, null, null, "")]
    [InlineData("1h", null, null, "in the last 1 h")]
    [InlineData(null, "2026-11-22T13:00", null, "since 2026-11-22 21:00:00 Asia/Shanghai")]
    [InlineData(null, "2026-11-22T13:00:00+08:00", "2026-11-23", "from 2026-11-22 13:00:00 to 2026-11-23 08:00:00 Asia/Shanghai")]
    [InlineData(null, null, "2026-11-22", "until 2026-11-22 08:00:00 Asia/Shanghai")]
    public void Words_OfAWindow_TellTheTimesThereAndNameTheZone(string? age, string? from, string? to, string words) =>
        Assert.Equal(words, Shanghai.Words(TimeWindow.Parse(age, from, to).Window));

    [Theory]
    [InlineData("2026-07-01T12:00:00", "2026-07-01T10:00:00Z")]
    [InlineData("2026-12-01T12:00:00", "2026-12-01T11:00:00Z")]
    [InlineData("2026-10-25T02:30:00", "2026-10-25T01:30:00Z")]
    [InlineData("2026-03-29T02:30:00", "2026-03-29T01:30:00Z")]
    public void MomentOf_AlsoWhereClocksChange_IsOneMoment(string time, string moment) =>
        Assert.Equal(DateTimeOffset.Parse(moment), Berlin.MomentOf(DateTime.Parse(time)));

    [Fact]
    public void MomentOf_AtTheEndsOfTime_DoesNotThrow()
    {
        Assert.Equal(DateTimeOffset.MinValue, Shanghai.MomentOf(DateTime.MinValue));
        Assert.Equal(new DateTimeOffset(DateTime.MaxValue.AddHours(-8), TimeSpan.Zero), Shanghai.MomentOf(DateTime.MaxValue));
    }
}
