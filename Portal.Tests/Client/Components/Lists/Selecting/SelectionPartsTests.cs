using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Components.Lists.Selecting;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Lists.Selecting;

public class SelectionPartsTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Bar_SomeOfMany_OffersAllThatMatch()
    {
        var selection = new ListSelection();
        selection.Set("task-a", chosen: true, ["task-a"]);
        var bar = Bar(selection, () => selection.SelectMatching(new ListQuery()));
        Assert.Contains("1 selected", bar.Markup);

        bar.FindAll("button").Single(button => button.TextContent == "Select all 236 that match").Click();
        bar.Render();

        Assert.Contains("All 236 tasks that match", bar.Find(".strong").TextContent);
    }

    [Fact]
    public void Bar_Viewer_SeesWhyNot()
    {
        var selection = new ListSelection();
        selection.Set("task-a", chosen: true, ["task-a"]);

        var bar = Render<SelectionBar>(parameters => parameters
            .Add(one => one.Selection, selection).Add(one => one.Total, 1).Add(one => one.Noun, "task")
            .Add(one => one.Actions, [BulkAction.Pause]).Add(one => one.Why, "You are a Viewer."));

        Assert.Equal("You are a Viewer.", bar.Find("[aria-disabled=true]").GetAttribute("title"));
    }

    [Fact]
    public void Review_Restart_NamesNumbersNamesAndWhatIsLeftOut()
    {
        Bulk.Review = new([.. Enumerable.Range(0, 25).Select(number => $"task-{number}")], [.. Enumerable.Range(0, 20).Select(number => $"line-{number}")], [new BulkExclusion("paused already", 3, ["p1", "p2", "p3"])], Losing: 2);

        var (dialogs, _) = Open(BulkAction.Restart);

        dialogs.WaitForAssertion(() => Assert.Contains("Restart 25 tasks?", dialogs.Find("h2").TextContent), Patience);
        var text = dialogs.Find(".mud-dialog").TextContent;
        Assert.Contains("stops after three failures", text);
        Assert.Contains("For 2 of them messages sent meanwhile are lost", text);
        Assert.Contains("and 5 more", text);
        Assert.Contains("Left out: 3 tasks, paused already. p1, p2, p3", text);
        Assert.Equal(20, dialogs.FindAll(".chips .tag").Count);
        Assert.Empty(Bulk.Commands);
    }

    [Fact]
    public async Task Review_Delete_WantsTheNumberTyped()
    {
        var (dialogs, done) = Open(BulkAction.Delete);
        dialogs.WaitForElement("#bulk-confirm", Patience).Input("delete");
        Assert.True(dialogs.Find("button.bad").HasAttribute("disabled"));

        dialogs.Find("#bulk-confirm").Input("delete 2");
        dialogs.WaitForAssertion(() => Assert.False(dialogs.Find("button.bad").HasAttribute("disabled")), Patience);
        dialogs.Find("button.bad").Click();

        // Not by the dialogs' renderings: the last of them comes before the order does.
        await done.WaitAsync(Patience, Xunit.TestContext.Current.CancellationToken);
        Assert.Equal(["Delete tasks task-a,task-b"], Bulk.Commands);
    }

    [Fact]
    public void Review_NothingLeft_OffersNothing()
    {
        Bulk.Review = new([], [], [new BulkExclusion("paused already", 2, ["a", "b"])]);

        var (dialogs, _) = Open(BulkAction.Pause);

        dialogs.WaitForAssertion(() => Assert.Contains("Nothing is left to do.", dialogs.Find(".mud-dialog").TextContent), Patience);
        Assert.Empty(dialogs.FindAll("button.primary"));
    }

    [Fact]
    public void Run_Refused_StaysAsAPanel()
    {
        Bulk.Answer = CommandResult.Not(CommandOutcome.Refused, "No task is left to pause.");
        var notices = Render<NoticeHost>();
        var (dialogs, _) = Open(BulkAction.Pause);
        dialogs.WaitForElement("button.primary", Patience).Click();

        notices.WaitForAssertion(() => Assert.Contains("No task is left to pause.", notices.Find("[role=alert]").TextContent), Patience);
    }

    private IRenderedComponent<SelectionBar> Bar(ListSelection selection, Action matching) => Render<SelectionBar>(parameters => parameters
        .Add(one => one.Selection, selection).Add(one => one.Total, 236).Add(one => one.Noun, "task")
        .Add(one => one.Actions, [BulkAction.Pause, BulkAction.Delete]).Add(one => one.OnSelectMatching, matching));

    [Fact]
    public async Task Run_AfterAFilterWasReviewed_TouchesOnlyWhatWasReviewed()
    {
        Bulk.Review = new(["task-a", "task-c"], ["a", "c"], []);
        var (dialogs, done) = Open(BulkAction.Pause, BulkSelection.Matching(new ListQuery { Search = "line" }));

        dialogs.WaitForElement("button.primary", Patience).Click();

        await done.WaitAsync(Patience, Xunit.TestContext.Current.CancellationToken);
        Assert.Equal(["Pause tasks task-a,task-c"], Bulk.Commands);
    }

    private (IRenderedComponent<MudDialogProvider> Dialogs, Task Done) Open(BulkAction action, BulkSelection? selection = null)
    {
        var dialogs = Render<MudDialogProvider>();
        var actions = Services.GetRequiredService<BulkActions>();
        var done = dialogs.InvokeAsync(() => actions.RunTasksAsync(action, selection ?? BulkSelection.Of(["task-a", "task-b"])));
        return (dialogs, done);
    }
}
