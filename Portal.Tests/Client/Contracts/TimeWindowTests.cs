using Portal.Client.Contracts;

namespace Portal.Tests.Client.Contracts;

public class TimeWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("1h", null, null)]
    [InlineData(null, "2026-11-22T13:00", null)]
    [InlineData(null, "2026-11-22T13:00:00+08:00", "2026-11-23")]
    [InlineData(null, null, "2026-11-22")]
    public void Parse_WhatAddressesSay_IsTheSameAgain(string? age, string? from, string? to)
    {
        var (window, errors) = TimeWindow.Parse(age, from, to);
        Assert.Empty(errors);
        var pairs = window.Pairs.ToDictionary(pair => pair.Key, pair => pair.Value);
        Assert.Equal(window, TimeWindow.Parse(pairs.GetValueOrDefault("age"), pairs.GetValueOrDefault("from"), pairs.GetValueOrDefault("to")).Window);
    }

    [Fact]
    public void Parse_Wrong_SaysAllOfIt() => Assert.Equal(
        ["age", "from", "to"], TimeWindow.Parse("2y", "yesterday", "later").Errors.Select(error => error.Field));

    [Fact]
    public void Parse_EndBeforeBeginning_IsAnErrorAndNoWindow()
    {
        var (window, errors) = TimeWindow.Parse(null, "2026-11-22", "2026-11-21");

        Assert.True(window.IsAny);
        Assert.Equal("to", Assert.Single(errors).Field);
    }

    [Fact]
    public void At_AnAge_EndsNow()
    {
        Assert.Equal((Now.AddHours(-1), null), TimeWindow.Parse("1h", "2026-11-20", null).Window.At(Now));
        Assert.Equal((Now.AddHours(-14), Now), TimeWindow.Parse(null, "2026-11-22", "2026-11-22T14:00:00Z").Window.At(Now));
    }
}
