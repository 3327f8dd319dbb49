using System.Text;
using Portal.Engine.Filters;

namespace Portal.Tests.Engine.Filters;

public class FilterSyntaxTests
{
    [Theory]
    [InlineData("", 0, 0, "the end")]
    [InlineData("where", 5, 0, "the end")]
    [InlineData("region", 0, 6, "value, not a condition")]
    [InlineData("a = 1 AND b", 10, 1, "value, not a condition")]
    [InlineData("a OR b = 1", 0, 1, "value, not a condition")]
    [InlineData("NOT 5", 4, 1, "value, not a condition")]
    [InlineData("'x'", 0, 3, "value, not a condition")]
    [InlineData("UPPER(a)", 0, 8, "value, not a condition")]
    [InlineData("CASE WHEN a THEN 1 END = 1", 10, 1, "value, not a condition")]
    [InlineData("CASE WHEN a = 1 THEN 1 END", 0, 26, "value, not a condition")]
    [InlineData("CASE WHEN a = 1 THEN TRUE ELSE 0 END", 0, 36, "value, not a condition")]
    [InlineData("COALESCE(payload.n, 0)", 0, 22, "value, not a condition")]
    [InlineData("a = 1 AND COALESCE(payload.n, 'x')", 10, 24, "value, not a condition")]
    [InlineData("a LIKE 'x!' ESCAPE '!'", 7, 4, "ends in its escape character !")]
    [InlineData("a LIKE 'x!!!' ESCAPE '!'", 7, 6, "ends in its escape character !")]
    [InlineData("region == 'gz'", 7, 2, "=")]
    [InlineData("a = 1 && b = 2", 6, 2, "AND")]
    [InlineData("a = 1 || b = 2", 6, 2, "OR")]
    [InlineData("region = 'gz", 9, 3, "closing '")]
    [InlineData("\"region = 1", 0, 11, "closing \"")]
    [InlineData("region = ", 9, 0, "found the end")]
    [InlineData("region = AND", 9, 3, "keyword AND")]
    [InlineData("region 'gz'", 7, 4, "operator")]
    [InlineData("a = 1 b = 2", 6, 1, "AND, OR or the end")]
    [InlineData("a = b = c", 6, 1, "AND, OR or the end")]
    [InlineData("(a = 1", 6, 0, "Expected )")]
    [InlineData("a = 1)", 5, 1, "closes nothing")]
    [InlineData("a = NULL", 2, 6, "IS NULL")]
    [InlineData("NULL <> a", 5, 4, "IS NULL")]
    [InlineData("a IS 5", 5, 1, "NULL")]
    [InlineData("a NOT 5", 6, 1, "LIKE or IN")]
    [InlineData("a LIKE b", 7, 1, "single quotes")]
    [InlineData("a LIKE 'x' ESCAPE 'ab'", 18, 4, "exactly one")]
    [InlineData("a IN ()", 6, 1, "found )")]
    [InlineData("a IN (1, 2", 10, 0, "Expected )")]
    [InlineData("a IN 1", 5, 1, "Expected (")]
    [InlineData("payload = 1", 0, 7, "payload.temp")]
    [InlineData("payload. = 1", 8, 1, "after the dot")]
    [InlineData("payload.a[x] = 1", 9, 1, "element")]
    [InlineData("sensor.id = 1", 0, 7, "payload.sensor")]
    [InlineData("1a = 1", 0, 2, "neither a number nor a name")]
    [InlineData("a = -b", 4, 1, "does not calculate")]
    [InlineData("a * 2 = 4", 2, 1, "no meaning")]
    [InlineData("a = 1;", 5, 1, "no meaning")]
    [InlineData("SUBSTR(a) = 'x'", 0, 9, "no function SUBSTR")]
    [InlineData("UPPER(a, b) = 'x'", 0, 11, "exactly one")]
    [InlineData("COALESCE() = 'x'", 0, 10, "at least one")]
    [InlineData("CASE a WHEN 1 THEN 2 END = 1", 5, 1, "WHEN")]
    [InlineData("CASE WHEN a = 1 THEN 2", 22, 0, "END")]
    public void Filter_Wrong_SaysWhatAndWhere(string text, int position, int length, string named)
    {
        Assert.False(FilterExpression.TryParse(text, out var expression, out var errors));

        Assert.Null(expression);
        var error = Assert.Single(errors);
        Assert.Equal((position, length), (error.Position, error.Length));
        Assert.Contains(named, error.Text);
    }

    [Theory]
    [InlineData('(', ')')]
    [InlineData('-', ' ')]
    public void Filter_VeryDeep_IsAnErrorNotAnOverflow(char open, char close)
    {
        var opening = open == '-' ? string.Concat(Enumerable.Repeat("NOT ", 2_000)) : new string(open, 4_900);
        var closing = open == '-' ? "" : new string(close, 4_900);

        Assert.False(FilterExpression.TryParse($"{opening}a = 1{closing}", out _, out var errors));
        Assert.Contains("100 levels", errors[0].Text);
    }

    [Fact]
    public void Filter_VeryLong_IsAnError()
    {
        Assert.False(FilterExpression.TryParse(new string('(', 20_000), out _, out var errors));
        Assert.Contains("10000 characters", errors[0].Text);
    }

    [Fact]
    public void Filter_LongChain_IsNotDeep()
    {
        var chain = string.Join(" OR ", Enumerable.Range(0, 900).Select(i => $"a = {i}"));

        Assert.True(FilterExpression.TryParse(chain, out var expression, out _));
        Assert.Equal(chain, expression.Text);
    }

    [Fact]
    public void Filter_AnyText_NeverThrows()
    {
        var words = "where and or not ( ) = <> 'x' \"y\" payload.a payload [ ] . , like in is null case when then end 1 - upper ( ' é".Split(' ');
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(12); length > 0; length--)
            {
                text.Append(words[random.Next(words.Length)]).Append(random.Next(4) == 0 ? "" : " ");
            }

            var filter = text.ToString();
            if (!FilterExpression.TryParse(filter, out _, out var errors))
            {
                Assert.InRange(errors[0].Position + errors[0].Length, 0, filter.Length);
            }
        }
    }
}
