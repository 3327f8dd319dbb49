using FsCheck;
using FsCheck.Fluent;
using Portal.Engine.Filters;

namespace Portal.Tests.Engine.Filters;

/// <summary>A filter with several errors: all are told, none is made up.</summary>
public class FilterErrorsTests
{
    private static readonly string[] Right =
        ["a = 1", "(b LIKE 'x%')", "payload.t > 3", "NOT (a = 1 OR b = 2)", "c IN (1, 2)", "UPPER(a) = 'X'", "CASE WHEN a = 1 AND b = 2 THEN 1 ELSE 2 END = 1"];

    private static readonly string[] Wrong =
        ["a", "'x'", "a = NULL", "a b", "a IS 5", "a LIKE b", "payload = 1", "a = 1 b", "(a = 1 OR b", "NOT 5", "SUBSTR(a) = 'x'"];

    [Theory]
    [InlineData("a AND b", 0, 6)]
    [InlineData("region 'gz' AND payload.t > 3 OR c = NULL", 7, 35)]
    [InlineData("(a = 1 AND b) OR (c 5 AND d = 1) AND e", 11, 20, 37)]
    [InlineData("a = 1 AND (b AND c = 1", 11, 22)]
    [InlineData("a IN (1, AND 2) AND b", 9)]
    public void TryParse_SeveralErrors_TellsAll(string text, params int[] positions)
    {
        Assert.False(FilterExpression.TryParse(text, out _, out var errors));

        Assert.Equal(positions, errors.Select(error => error.Position));
    }

    [Fact]
    public void TryParse_RightAndWrongConditions_GivesOneErrorForEachWrongOne()
    {
        var conditions =
            from parts in Gen.OneOf(Gen.Elements(Right).Select(text => (text, IsWrong: false)), Gen.Elements(Wrong).Select(text => (text, IsWrong: true))).NonEmptyListOf()
            from words in Gen.Elements(" AND ", " OR ").ArrayOf(parts.Count)
            select (Parts: parts, Text: string.Concat(parts.Select((part, at) => at == 0 ? Close(part.text) : words[at] + Close(part.text))));
        Check.QuickThrowOnFailure(Prop.ForAll(Arb.From(conditions), filter =>
        {
            var isRight = FilterExpression.TryParse(filter.Text, out _, out var errors);

            Assert.Equal(filter.Parts.Count(part => part.IsWrong), errors.Count);
            Assert.Equal(errors.Count == 0, isRight);
            Assert.Equal(errors.OrderBy(error => error.Position), errors);
        }));

        static string Close(string part) => part.Count(c => c == '(') > part.Count(c => c == ')') ? part + ")" : part;
    }

    [Fact]
    public void Properties_OfAFilter_AreItsNamesWithTheirPlaces()
    {
        Assert.True(FilterExpression.TryParse("regio = 'gz' AND \"x y\" = topic AND payload.a = qos AND UPPER(b) = 'B'", out var filter, out _));

        Assert.Equal([new FilterName("regio", 0, 5), new FilterName("x y", 17, 5), new FilterName("b", 61, 1)], filter.Properties);
    }
}
