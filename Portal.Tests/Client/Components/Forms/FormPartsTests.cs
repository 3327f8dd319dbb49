using Bunit;
using Portal.Client.Components.Forms;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Forms;

public class FormPartsTests : PageContext
{
    private static readonly FieldError[] Errors =
        [new("Name", "Give it a name."), new("Name", "It is taken."), new("Topics[2]", "No such filter."), new("", "Nothing works.")];

    [Fact]
    public void FieldErrors_OfAField_ShowsAllOfItsOwn()
    {
        var errors = Render<FieldErrors>(parameters => parameters.Add(one => one.Errors, Errors).Add(one => one.Field, "Name"));

        Assert.Equal(["Give it a name.", "It is taken."], errors.FindAll(".error > div").Select(line => line.TextContent));
    }

    [Fact]
    public void Beside_KnownFields_LeavesWhatNoFieldShows() =>
        Assert.Equal(["Topics[2]", ""], Errors.Beside("Name").Select(error => error.Field));

    [Fact]
    public void WhyDisabled_NotPossible_KeepsTheButtonReachableAndSaysWhy()
    {
        var action = Render<WhyDisabled>(parameters => parameters.Add(one => one.Why, "You are a Viewer.")
            .Add(one => one.Label, "Create").AddChildContent("<a href='/new'>Create</a>"));

        var button = action.Find("button");
        Assert.Equal("true", button.GetAttribute("aria-disabled"));
        Assert.False(button.HasAttribute("disabled"));
        Assert.Equal("You are a Viewer.", action.Find($"#{button.GetAttribute("aria-describedby")}").TextContent);
        Assert.Empty(action.FindAll("a"));
    }

    [Fact]
    public void WhyDisabled_Possible_IsTheAction()
    {
        var action = Render<WhyDisabled>(parameters => parameters.Add(one => one.Why, null)
            .Add(one => one.Label, "Create").AddChildContent("<a href='/new'>Create</a>"));

        Assert.NotNull(action.Find("a"));
    }

    [Fact]
    public void StepHeader_Changed_MovesTheFocusToTheHeading()
    {
        var header = Render<StepHeader>(parameters => parameters.Add(one => one.Steps, [new("Type", "?step=type"), new("Configure")])
            .Add(one => one.Current, 1));
        Assert.DoesNotContain(JSInterop.Invocations, call => call.Identifier == "portal.focus");

        header.Render(parameters => parameters.Add(one => one.Current, 2));

        Assert.Single(JSInterop.Invocations, call => call.Identifier == "portal.focus");
        Assert.Equal("Configure", header.Find("[aria-current=step] .word").TextContent);
        Assert.Equal("?step=type", header.Find("a").GetAttribute("href"));
    }
}
