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
    public void RenewAndShow_NothingNew_KeepsTheRowsAsTheyAre()
    {
        Show("a", "b");
        var (first, second) = (_rows.Shown[0], _rows.Shown[1]);

        _rows.Renew([first with { Live = first.Live with { InPerSecond = 3 } }, second with { Revision = 9 }]);
        Assert.Same(first, _rows.Shown[0]);
        Assert.NotSame(second, _rows.Shown[1]);

        second = _rows.Shown[1];
        _rows.Show([second with { Live = second.Live with { OutPerSecond = 3 } }, first with { LastError = new TaskEvent(7, DateTimeOffset.UnixEpoch, "session", EventSeverity.Error, null, "Lost") }]);
        Assert.Same(second, _rows.Shown[0]);
        Assert.NotSame(first, _rows.Shown[1]);
    }

    [Fact]
    public void Take_FiguresOnly_AsksForNoRendering()
    {
        Show("a", "b");
        _rows.Take([Live("a")]);

        var change = _rows.Take([Live("a") with { InPerSecond = 5 }]);

        Assert.False(change.Redraw);
        Assert.Equal("task-aaaaaaaa", Assert.Single(change.Figures).Id);
    }

    [Fact]
    public void Take_ATaskThatIsNotOnScreen_IsPassedOver()
    {
        Show("a");

        var change = _rows.Take([Live("z") with { Status = ConnectorTaskStatus.Failed }]);

        Assert.False(change.Redraw);
        Assert.Empty(change.Figures);
        Assert.Equal(ConnectorTaskStatus.Running, _rows.LiveOf(SampleTasks.Task(Id("z"), "z")).Status);
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
    public void Show_OlderThanTheFeed_KeepsWhatTheFeedKnows()
    {
        Show("a");
        _rows.Take([Live("a") with { Status = ConnectorTaskStatus.Failed, ObservedAt = DateTimeOffset.MaxValue }]);

        Show("a", "b");

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
