using Portal.Server.DeadLetters;

namespace Portal.Tests.Server.DeadLetters;

public class DeadLetterFileTests
{
    [Theory]
    [InlineData("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("a,b\nc", "\"a,b\nc\"")]
    [InlineData("plain", "plain")]
    [InlineData(null, "")]
    public void Cell_IsNeverAFormula(string? value, string cell) => Assert.Equal(cell, DeadLetterFile.Cell(value));
}
