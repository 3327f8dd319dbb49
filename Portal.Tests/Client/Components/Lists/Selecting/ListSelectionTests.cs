using Portal.Client.Components.Lists.Selecting;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Lists.Selecting;

public class ListSelectionTests
{
    private static readonly string[] Page = ["task-a", "task-b"];
    private readonly ListSelection _selection = new();

    [Fact]
    public void Set_OverPages_KeepsAllByTheirIds()
    {
        _selection.Set("task-a", chosen: true, Page);
        _selection.Set("task-z", chosen: true, ["task-z"]);

        Assert.Equal(["task-a", "task-z"], _selection.Chosen.Ids!);
        Assert.Null(_selection.Chosen.Query);
        Assert.False(_selection.HasAll(Page));
    }

    [Fact]
    public void SelectMatching_Filter_IsTheQueryWithoutItsPage()
    {
        _selection.SelectMatching(new ListQuery { Search = "line", Status = ["Failed"], Page = 7, Sort = "name", Columns = ["in"] });

        Assert.Equal(("line", 1, null), (_selection.Chosen.Query!.Search, _selection.Chosen.Query.Page, _selection.Chosen.Query.Sort));
        Assert.Null(_selection.Chosen.Ids);
        Assert.True(_selection.Has("task-on-another-page"));
    }

    [Fact]
    public void Follow_AnotherFilter_EndsAllThatMatchAndKeepsWhatWasTicked()
    {
        _selection.SelectMatching(new ListQuery { Search = "line" });
        _selection.Follow(new ListQuery { Search = "line", Page = 3 });
        Assert.True(_selection.IsMatching);

        _selection.Follow(new ListQuery { Search = "other" });
        Assert.False(_selection.IsAny);

        _selection.Set("task-a", chosen: true, Page);
        _selection.Follow(new ListQuery());
        Assert.Equal(1, _selection.Count);
    }

    [Fact]
    public void Set_OneOfAllThatMatch_MeansTheRowsThatAreSeen()
    {
        _selection.SelectMatching(new ListQuery());

        _selection.Set("task-b", chosen: false, Page);

        Assert.Equal(["task-a"], _selection.Chosen.Ids!);
    }

    [Fact]
    public void Drop_Gone_IsNotActedOn()
    {
        _selection.Set("task-a", chosen: true, Page);

        _selection.Drop(["task-a"]);

        Assert.False(_selection.IsAny);
    }
}
