using Bunit;
using Portal.Client.Components.Forms;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Forms;

public class SecretFieldTests : PageContext
{
    private SecretChange _value = SecretChange.Keep;

    [Fact]
    public void Stored_Untouched_HasNoInputAndKeeps()
    {
        var field = Field(stored: true);

        Assert.Empty(field.FindAll("input"));
        Assert.Contains("Stored, not shown", field.Markup);
        Assert.Equal(SecretChangeKind.Keep, _value.Kind);
    }

    [Fact]
    public void Stored_Replaced_TakesWhatIsTyped()
    {
        var field = Field(stored: true);

        Press(field, "Replace");
        field.Find("input").Input("n3w");

        Assert.Equal(SecretChange.Replace("n3w"), _value);
    }

    [Fact]
    public void Stored_ButtonThatGoesAway_LeavesTheFocusToWhatTakesItsPlace()
    {
        var field = Field(stored: true);
        Assert.Empty(JSInterop.Invocations["portal.focus"]);

        Press(field, "Replace");
        Press(field, "Keep the stored one");

        Assert.Equal(["#password", "#password"], JSInterop.Invocations["portal.focus"].Select(call => call.Arguments[0]));
    }

    [Fact]
    public void Stored_ReplacedThenKept_Keeps()
    {
        var field = Field(stored: true);
        Press(field, "Replace");
        field.Find("input").Input("n3w");

        Press(field, "Keep the stored one");

        Assert.Equal(SecretChange.Keep, _value);
        Assert.DoesNotContain("n3w", field.Markup);
    }

    [Fact]
    public void Stored_Removed_SaysSoUntilSaved()
    {
        var field = Field(stored: true);

        Press(field, "Remove");

        Assert.Equal(SecretChangeKind.Remove, _value.Kind);
        Assert.Contains("Removed when saved", field.Markup);
    }

    [Fact]
    public void Empty_TypedAndEmptied_IsUntouched()
    {
        var field = Field(stored: false);

        field.Find("input").Input("a");
        field.Find("input").Input("");

        Assert.Equal(SecretChange.Keep, _value);
    }

    [Fact]
    public void Typed_UntilAsked_IsNotReadable()
    {
        var field = Field(stored: false);
        Assert.Equal("password", field.Find("input").GetAttribute("type"));

        field.Find("button.icon").Click();

        Assert.Equal("text", field.Find("input").GetAttribute("type"));
    }

    private static void Press(IRenderedComponent<SecretField> field, string word) =>
        field.FindAll("button").Single(button => button.TextContent == word).Click();

    private IRenderedComponent<SecretField> Field(bool stored)
    {
        IRenderedComponent<SecretField> field = null!;
        field = Render<SecretField>(parameters => parameters
            .Add(one => one.Label, "Password").Add(one => one.Id, "password").Add(one => one.Name, "Password")
            .Add(one => one.Stored, stored).Add(one => one.Optional, true)
            .Add(one => one.Value, _value)
            .Add(one => one.ValueChanged, value =>
            {
                _value = value;
                field.Render(again => again.Add(one => one.Value, value));
            }));
        return field;
    }
}
