using System.Reflection;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Portal.Client.Components.Lists.Columns;
using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.List;

namespace Portal.Tests.Client.Pages.ConnectorTasks.List;

public class ConnectorTaskRowTests : PageContext
{
    [Fact]
    public void Render_AgainWithOtherFiguresOnly_IsLeftToThePatch()
    {
        var row = RenderRow();

        row.Render(parameters => parameters.Add(one => one.Live, row.Instance.Live with { InPerSecond = 5 }));
        Assert.Equal(1, row.RenderCount);

        row.Render(parameters => parameters.Add(one => one.Selected, true));
        Assert.Equal(2, row.RenderCount);
    }

    [Fact]
    public void Render_DefaultColumns_StaysWithinTheSmallerBuffer()
    {
        using var frames = new RenderTreeBuilder();
        typeof(ConnectorTaskRow).GetMethod("BuildRenderTree", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(RenderRow().Instance, [frames]);

        // A circuit keeps a buffer of frames for each row, or two; the next size after 128 is 256.
#pragma warning disable BL0006 // Frames are counted here, never read.
        Assert.InRange(frames.GetFrames().Count, 1, 128);
#pragma warning restore BL0006
    }

    private IRenderedComponent<ConnectorTaskRow> RenderRow()
    {
        var task = SampleTasks.Task("task-aaaaaaaa", "line-7");
        return Render<ConnectorTaskRow>(parameters => parameters
            .Add(one => one.Task, task with { LastError = new TaskEvent(7, Now, "session", EventSeverity.Error, null, "Lost") })
            .Add(one => one.Live, task.Live)
            .Add(one => one.Points, [1, 2, 3])
            .Add(one => one.Columns, ShownColumns.Of(ConnectorTaskColumns.All, [], null))
            .Add(one => one.Selected, false)
            .Add(one => one.OnSelect, EventCallback.Factory.Create<bool>(this, _ => { }))
            .Add(one => one.OnMenu, EventCallback.Factory.Create<string>(this, _ => { })));
    }
}
