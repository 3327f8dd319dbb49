using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.List;

namespace Portal.Tests.Client.Pages.ConnectorTasks.List;

public class RowSelectionTests
{
    private readonly ConnectorTaskView _first = SampleTasks.Task("task-aaaaaaaa", "first");
    private readonly ConnectorTaskView _second = SampleTasks.Task("task-bbbbbbbb", "second");
    private readonly RowSelection _selection = new();

    [Fact]
    public void Follow_AnotherPage_KeepsWhatIsChosen()
    {
        _selection.Set(_first, chosen: true);

        _selection.Follow([_second]);

        Assert.Equal([_first.Id], _selection.Ids);
        Assert.False(_selection.HasAll([_first, _second]));
    }

    [Fact]
    public void Follow_NewerRevision_IsTheOneActedOn()
    {
        _selection.Set(_first, chosen: true);

        _selection.Follow([_first with { Revision = 9 }]);

        Assert.Equal(9, Assert.Single(_selection.Tasks).Revision);
    }

    [Fact]
    public void Follow_DeletedTask_IsDropped()
    {
        _selection.Set(_first, chosen: true);

        _selection.Follow([_first with { Live = _first.Live with { IsDeleted = true } }]);

        Assert.Equal(0, _selection.Count);
    }
}
