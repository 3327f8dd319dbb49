using Portal.Server.Api.Exports;

namespace Portal.Tests.Server.Api.Exports;

public class CsvTextTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("  =1+1", "'  =1+1")]
    [InlineData("+49 30", "'+49 30")]
    [InlineData("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("line-7", "line-7")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    public void Line_Text_IsQuotedAndNeverAFormula(string text, string cell) => Assert.Equal($"{cell}\r\n", CsvText.Line([text]));

    [Fact]
    public void Line_Numbers_StayNumbersInEveryCulture() =>
        Assert.Equal("-1,1.5,,2026-01-02T03:04:05.0000000Z\r\n", CsvText.Line([-1, 1.5, null, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)]));
}
