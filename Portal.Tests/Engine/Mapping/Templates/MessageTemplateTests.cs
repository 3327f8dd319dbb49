using Portal.Engine.Mapping.Templates;

namespace Portal.Tests.Engine.Mapping.Templates;

public class MessageTemplateTests
{
    [Theory]
    [InlineData("a}b", 1, "}}")]
    [InlineData("a{topic", 1, "{{")]
    [InlineData("x.{nope}", 2, "{nope}")]
    [InlineData("{topic[x]}", 0, "{topic[x]}")]
    [InlineData("{topic[-1]}", 0, "{topic[-1]}")]
    [InlineData("{topic:1}", 0, "{topic:1}")]
    [InlineData("{property:}", 0, "user property")]
    [InlineData("{property}", 0, "user property")]
    [InlineData("ab{payload:device}", 11, "$")]
    [InlineData("ab{payload:$.a[x]}", 14, "element")]
    [InlineData("ab{payload}", 10, "$")]
    public void Template_Wrong_SaysWhere(string text, int position, string named)
    {
        Assert.False(MessageTemplate.TryParse(text, out _, out var error));
        Assert.Equal(position, error.Position);
        Assert.Contains(named, error.Text);
        Assert.InRange(error.Position + error.Length, 0, text.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("{{{topic}}}")]
    [InlineData("{payload:$['}']}")]
    [InlineData("{property:it's}")]
    public void Template_Right_IsTaken(string text) => Assert.True(MessageTemplate.TryParse(text, out _, out _));
}
