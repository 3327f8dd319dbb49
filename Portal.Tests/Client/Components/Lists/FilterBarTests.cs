using Bunit;
using Portal.Client.Components.Lists;

namespace Portal.Tests.Client.Components.Lists;

public class FilterBarTests : PageContext
{
    private readonly List<string?> _searched = [];

    [Fact]
    public void Search_WhileTyping_IsNotAskedUntilTypingRests()
    {
        var bar = Bar(null);

        bar.Find("input").Input("li");
        Clock.Advance(TimeSpan.FromMilliseconds(200));
        bar.Find("input").Input("line7 ");
        Clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Empty(_searched);

        Clock.Advance(TimeSpan.FromMilliseconds(100));
        bar.WaitForAssertion(() => Assert.Equal(["line7"], _searched));
    }

    [Fact]
    public void Search_Emptied_AsksForAll()
    {
        var bar = Bar("line7");

        bar.Find("input").Input("  ");
        Clock.Advance(TimeSpan.FromSeconds(1));

        bar.WaitForAssertion(() => Assert.Equal([null], _searched));
    }

    [Fact]
    public void Search_AnswerToWhatWasTyped_DoesNotTouchTheText()
    {
        var bar = Bar(null);
        bar.Find("input").Input("line7 ");
        Clock.Advance(TimeSpan.FromSeconds(1));
        bar.WaitForState(() => _searched.Count == 1);

        bar.Render(parameters => parameters.Add(one => one.Search, "line7"));

        Assert.Equal("line7 ", bar.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void Search_ChangedByBack_ReplacesTheText()
    {
        var bar = Bar("line7");

        bar.Render(parameters => parameters.Add(one => one.Search, null));

        Assert.Equal("", bar.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void Ignored_PartsOfTheAddress_AreNamed()
    {
        var bar = Render<FilterBar>(parameters => parameters.Add(one => one.Label, "Search").Add(one => one.Search, null)
            .Add(one => one.Ignored, ["status=foo"]));

        Assert.Contains("status=foo", bar.Find("[role=status]").TextContent);
    }

    private IRenderedComponent<FilterBar> Bar(string? search) => Render<FilterBar>(parameters => parameters
        .Add(one => one.Label, "Search").Add(one => one.Search, search).Add(one => one.SearchChanged, words => _searched.Add(words)));
}
