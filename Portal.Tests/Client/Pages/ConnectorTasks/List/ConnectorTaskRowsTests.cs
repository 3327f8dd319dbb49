using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.List;

namespace Portal.Tests.Client.Pages.ConnectorTasks.List;

public class ConnectorTaskRowsTests
{
    private readonly ConnectorTaskRows _rows = new();

    [Fact]
    public void Renew_AskedMeanwhile_IsKnownToTheRowInItsOldPlace()
    {
        var (first, second) = (SampleTasks.Task("task-aaaaaaaa", "first"), SampleTasks.Task("task-bbbbbbbb", "second"));
        var rows = new ConnectorTaskRows();
        rows.Show([first, second]);

        rows.Renew([second with { Asked = AskedState.Paused }, first]);

        Assert.Equal([("first", AskedState.Running), ("second", AskedState.Paused)], rows.Shown.Select(row => (row.Settings.Name, row.Asked)));
    }

    [Fact]
    public void Take_FiguresOnly_AsksForNoRendering()
    {
        Show("a", "b");
        _rows.Take([Live("a")]);

        var change = _rows.Take([Live("a") with { InPerSecond = 5 }]);

        Assert.False(change.Redraw);
        Assert.False(change.Recount);
        Assert.Equal("task-aaaaaaaa", Assert.Single(change.Figures).Id);
    }

    [Fact]
    public void Take_StatusOfATaskElsewhere_AsksForACountOnly()
    {
        Show("a");
        _rows.Take([Live("a"), Live("z")]);

        var change = _rows.Take([Live("z") with { Status = ConnectorTaskStatus.Failed }]);

        Assert.True(change.Recount);
        Assert.False(change.Redraw);
        Assert.Empty(change.Figures);
    }

    [Fact]
    public void Take_Cause_RedrawsThatRowOnly()
    {
        Show("a", "b");
        var untouched = _rows.Shown[1];

        var change = _rows.Take([Live("a") with { Cause = "Kafka does not answer" }]);

        Assert.True(change.Redraw);
        Assert.Equal("Kafka does not answer", _rows.Shown[0].Live.Cause);
        Assert.Same(untouched, _rows.Shown[1]);
    }

    [Fact]
    public void Take_Deleted_NoLongerCountsInTheTotals()
    {
        Show("a");
        _rows.Take([Live("a") with { InPerSecond = 5 }, Live("b") with { InPerSecond = 7 }]);

        _rows.Take([Live("a") with { IsDeleted = true }]);

        Assert.Equal(7, _rows.InPerSecond);
    }

    [Fact]
    public void Show_OlderThanTheFeed_KeepsWhatTheFeedKnows()
    {
        _rows.Take([Live("a") with { Status = ConnectorTaskStatus.Failed, ObservedAt = DateTimeOffset.MaxValue }]);

        Show("a");

        Assert.Equal(ConnectorTaskStatus.Failed, _rows.Shown[0].Live.Status);
    }

    [Theory]
    [InlineData("a b c d", "a b c d", 0)]
    [InlineData("a b c d", "d a b c", 1)]
    [InlineData("a b c d", "d c b a", 3)]
    [InlineData("a b c", "x a b", 1)]
    [InlineData("a b c", "a b", 1)]
    [InlineData("", "a b", 2)]
    public void Moved_NextOrder_CountsTheFewestRowsThatHadToMove(string shown, string next, int moved)
    {
        _rows.Show(Tasks(shown));

        Assert.Equal(moved, _rows.Moved(Tasks(next)));
    }

    private void Show(params string[] letters) => _rows.Show(Tasks(string.Join(' ', letters)));

    private static List<ConnectorTaskView> Tasks(string letters) =>
        [.. letters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(letter => SampleTasks.Task(Id(letter), letter))];

    private static ConnectorTaskLive Live(string letter) => SampleTasks.Live(Id(letter));

    private static string Id(string letter) => $"task-{new string(letter[0], 8)}";
}
