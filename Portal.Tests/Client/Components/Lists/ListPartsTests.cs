using Bunit;
using Portal.Client.Components.Lists;
using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Lists;

public class ListPartsTests : PageContext
{
    [Fact]
    public void Export_AsCurl_IsTheCommandForWhatIsShown()
    {
        var query = new ListQuery { Search = "it's", Status = ["Failed"], Page = 2, Columns = ["name"] };
        var menu = Render<ExportMenu>(parameters => parameters.Add(one => one.List, "tasks").Add(one => one.Query, query).Add(one => one.Total, 30));

        Assert.Equal("curl -sS -b cookies 'http://localhost/api/v1/tasks?q=it%27s&status=failed&page=2'", menu.Find("[data-copy]").GetAttribute("data-copy"));
    }

    [Fact]
    public void StatusCounters_Selected_LinkAwayAndOthersAdd()
    {
        var counters = Render<StatusCounters>(parameters => parameters
            .Add(one => one.Statuses, [Look(ConnectorTaskStatus.Failed), Look(ConnectorTaskStatus.Running), Look(ConnectorTaskStatus.Paused)])
            .Add(one => one.Counts, new Dictionary<string, int> { ["Failed"] = 2, ["Running"] = 7 })
            .Add(one => one.Selected, ["Failed"])
            .Add(one => one.Href, statuses => string.Join('+', statuses)));

        var links = counters.FindAll("a")
            .Select(link => (link.TextContent.Trim(), link.GetAttribute("href"), link.HasAttribute("aria-current")));
        Assert.Equal([("All 9", "", false), ("Failed 2", "", true), ("Running 7", "Failed+Running", false)], links);
    }

    [Fact]
    public void CardTools_Sort_ShowsThePresentOrderAndGoesToTheAddressOfAnother()
    {
        var tools = Render<CardTools>(parameters => parameters.Add(one => one.Sorts, [("name", "Name"), ("in", "In msg/s")]).Add(one => one.Sort, "-in")
            .Add(one => one.Href, sort => $"/tasks?sort={sort ?? "own"}"));
        Assert.Equal("-in", tools.Find("select").GetAttribute("value"));
        Assert.Equal(
            ["Attention", "Name, ascending", "Name, descending", "In msg/s, ascending", "In msg/s, descending"], tools.FindAll("option").Select(option => option.TextContent));
        Assert.Empty(tools.FindAll("input"));

        tools.Find("select").Change("name");
        Assert.EndsWith("/tasks?sort=name", Navigation.Uri, StringComparison.Ordinal);
        tools.Find("select").Change("");
        Assert.EndsWith("/tasks?sort=own", Navigation.Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, false, true)]
    [InlineData(2, true, true)]
    [InlineData(3, true, false)]
    public void Pager_EachPage_LinksToItsNeighbours(int page, bool previous, bool next)
    {
        var pager = Render<Pager>(parameters => parameters
            .Add(one => one.Query, new ListQuery { Page = page }).Add(one => one.Total, 45)
            .Add(one => one.Href, query => $"?page={query.Page}"));

        var links = pager.FindAll("a").Select(link => link.TextContent);
        Assert.Equal(previous, links.Contains("Previous"));
        Assert.Equal(next, links.Contains("Next"));
    }

    [Fact]
    public void Pager_LastPage_CountsWhatIsThere()
    {
        var pager = Render<Pager>(parameters => parameters.Add(one => one.Query, new ListQuery { Page = 3 }).Add(one => one.Total, 45));

        Assert.Contains("41–45 of 45", pager.Markup);
    }

    [Theory]
    [InlineData(null, "none", "name")]
    [InlineData("name", "ascending", "-name")]
    [InlineData("-name", "descending", "")]
    public void SortHeader_Pressed_GoesUpDownAndBack(string? sort, string state, string next)
    {
        var header = Render<SortHeader>(parameters => parameters.Add(one => one.Column, "name").Add(one => one.Sort, sort)
            .Add(one => one.Href, column => column ?? ""));

        Assert.Equal(state, header.Find("th").GetAttribute("aria-sort"));
        Assert.Equal(next, header.Find("a").GetAttribute("href"));
    }

    [Fact]
    public void MenuItem_NotPossible_StaysVisibleAndSaysWhy()
    {
        var pressed = false;
        var item = Render<MenuItem>(parameters => parameters.Add(one => one.Why, "You are a Viewer.")
            .Add(one => one.OnClick, () => pressed = true).AddChildContent("Delete"));

        Assert.Equal("true", item.Find("button").GetAttribute("aria-disabled"));
        Assert.Contains("You are a Viewer.", item.Markup);
        Assert.Throws<MissingEventHandlerException>(() => item.Find("button").Click());
        Assert.False(pressed);
    }

    [Fact]
    public void RowMenu_Opened_ShowsTheItemsOfThatRowBesideItsButton()
    {
        var menu = Render<RowMenu<string>>(parameters => parameters.Add(one => one.Label, "Actions")
            .Add(one => one.ChildContent, row => $"<i>{row}</i>"));
        Assert.Empty(menu.FindAll("i"));

        menu.InvokeAsync(() => menu.Instance.Open("gz-prod", "menu-of-a"));

        Assert.Equal("gz-prod", menu.Find("i").TextContent);
        var call = Assert.Single(JSInterop.Invocations, call => call.Identifier == "portal.openMenu");
        Assert.Equal("menu-of-a", call.Arguments[1]);
    }

    private static (string, StatusLook) Look(ConnectorTaskStatus status) => (status.ToString(), StatusLook.Of(status));
}
