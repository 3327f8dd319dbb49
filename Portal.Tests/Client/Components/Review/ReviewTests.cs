using Bunit;
using Portal.Client.Components.Review;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Review;

public class ReviewTests : PageContext
{
    private static readonly DependentTask[] Dependants = [new("task-a", "plates", true, 1), new("task-b", "hvac", true, 0), new("task-c",
        "lab", false, 0)];

    [Fact]
    public void Diff_Between_LeavesOutWhatIsEqual() => Assert.Equal(
        [new DiffLine("user", "old", "new"), new DiffLine("description", null, "set")],
        DiffLine.Between(("name", "a", "a"), ("user", "old", "new"), ("description", "", "set")));

    [Theory]
    [InlineData(true, false, "••••••", "•••••• (changed)")]
    [InlineData(false, false, null, "•••••• (set)")]
    [InlineData(true, true, "••••••", null)]
    public void Diff_OfASecret_ShowsThatItChangesAndNotHow(bool stored, bool removed, string? before, string? after) =>
        Assert.Equal(new DiffLine("password", before, after), DiffLine.Secret("password", stored, removed));

    [Fact]
    public void DependantsList_Many_NamesSomeAndLinksToAll()
    {
        var tasks = Enumerable.Range(0, 14).Select(i => new DependentTask($"task-{i}", $"t{i}", true, 1)).ToList();

        var list = Render<DependantsList>(parameters => parameters.Add(one => one.Tasks, tasks)
            .Add(one => one.AllHref, "/tasks?conn=resource-a"));

        Assert.Equal(["t0", "t1", "t2", "t3", "t4", "t5", "8 more"], list.FindAll("a").Select(link => link.TextContent));
        Assert.Equal("/tasks/task-0", list.Find("a").GetAttribute("href"));
    }

    [Fact]
    public void RestartToggle_On_NamesNumbersAndWhoLosesMessages()
    {
        var toggle = Toggle(true);

        Assert.Contains("2 running, 1 paused", toggle.Markup);
        Assert.Contains("2 running tasks are interrupted for a few seconds each", toggle.Find(".note").TextContent);
        // The paused one has QoS 0 as well, but nothing of it is interrupted.
        Assert.Equal("hvac", toggle.Find("#restart-text a").TextContent);
    }

    [Fact]
    public void RestartToggle_Off_SaysWhatRunningTasksKeep() =>
        Assert.Contains("“restart to apply”", Toggle(false).Find(".note").TextContent);

    [Theory]
    [InlineData(true, "1 running task is interrupted for a few seconds and goes on")]
    [InlineData(false, "the running task keeps the old settings until its next start")]
    public void RestartToggle_OneTask_SpeaksOfOne(bool value, string words)
    {
        var toggle = Render<RestartToggle>(parameters => parameters.Add(one => one.Tasks, [Dependants[0]]).Add(one => one.Value, value));

        Assert.Contains(words, toggle.Find(".note").TextContent);
        Assert.DoesNotContain("aused", toggle.Find(".note").TextContent);
    }

    [Fact]
    public void RestartToggle_NothingRuns_IsNotThere()
    {
        var toggle = Render<RestartToggle>(parameters => parameters.Add(one => one.Tasks, [Dependants[2]]).Add(one => one.Value, true));

        Assert.Empty(toggle.FindAll("[role=switch]"));
        Assert.Contains("No running task", toggle.Markup);
    }

    private IRenderedComponent<RestartToggle> Toggle(bool value) =>
        Render<RestartToggle>(parameters => parameters.Add(one => one.Tasks, Dependants).Add(one => one.Value, value));
}
