using Bunit;
using Portal.Client.Pages.ConnectorTasks.Detail;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Detail;

public class TaskMappingTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Mapping_Opened_ShowsTheSettingsAndSamplesNothing()
    {
        var tab = Tab();

        Assert.Contains("Key", tab.Find("section[aria-label=Mapping]").TextContent);
        Assert.Contains("Topics", tab.Find("section[aria-label='Topic and filter']").TextContent);
        Assert.Empty(Sampling.Requests);
    }

    [Fact]
    public void Start_FiveMinutes_ForThisTask()
    {
        var tab = Tab();

        tab.FindAll("button").First(button => button.TextContent == "Start sampling 5 min").Click();

        tab.WaitForAssertion(() => Assert.Single(Sampling.Requests), Patience);
        Assert.Equal((300, 20, "task-aaaaaaaa"), (Sampling.Requests[0].Seconds, Sampling.Requests[0].Messages, Sampling.Requests[0].TaskId));
    }

    [Fact]
    public void Viewer_SeesTheMappingAndIsToldWhyHeMayNotSample()
    {
        var tab = Tab("Needs the role Administrator.");

        Assert.Equal("Needs the role Administrator.", tab.Find("section.sample button[aria-disabled=true]").GetAttribute("title"));
    }

    private IRenderedComponent<TaskMapping> Tab(string? why = null) => Render<TaskMapping>(parameters => parameters
        .Add(tab => tab.Task, SampleTasks.Task("task-aaaaaaaa", "plates-north"))
        .Add(tab => tab.Why, why));
}
