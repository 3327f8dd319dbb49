using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.Detail.DeadLetters;
using Portal.Tests.Fakes;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Detail.DeadLetters;

public class TaskDeadLettersTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IRenderedComponent<MudDialogProvider> _dialogs;

    public TaskDeadLettersTests() => _dialogs = Render<MudDialogProvider>();

    [Fact]
    public void Empty_SaysWhatComesHere() => Assert.Contains("Nothing waits in plates.dlq", RenderTab().Markup);

    [Fact]
    public void Reasons_AreLinksWithCountsAndNarrowTheList()
    {
        DeadLetters.Letters.AddRange([FakeDeadLetterService.Letter(1), FakeDeadLetterService.Letter(2), FakeDeadLetterService.Letter(3, "too-large", "2 MiB.")]);
        var tab = RenderTab();
        Assert.Equal(["All 3", "Mapping failed 2", "Too large 1"], tab.FindAll(".counters a").Select(link => link.TextContent));

        Navigation.NavigateTo(tab.FindAll(".counters a")[2].GetAttribute("href")!);

        tab.WaitForAssertion(() => Assert.Contains("2 MiB.", Assert.Single(tab.FindAll("tbody tr")).TextContent));
        Assert.EndsWith("/tasks/task-plates01/dead-letters?reason=too-large-1", Navigation.Uri);
    }

    [Fact]
    public void Forbidden_SaysWhatIsNeeded()
    {
        DeadLetters.Refusal = (CommandOutcome.Forbidden, "Needs the role Viewer.");

        Assert.Contains("You may not see dead letters", RenderTab().Markup);
    }

    [Fact]
    public void KafkaSilent_SaysWhyAndTriesAgain()
    {
        DeadLetters.Refusal = (CommandOutcome.Refused, "Kafka did not answer.");
        var tab = RenderTab();
        Assert.Contains("Kafka did not answer.", tab.Find("[role=alert]").TextContent);

        DeadLetters.Refusal = null;
        tab.FindAll("button").Single(button => button.TextContent == "Try again").Click();

        tab.WaitForAssertion(() => Assert.Contains("No dead letters", tab.Markup));
    }

    [Fact]
    public void Partial_NamesWhatCouldNotBeRead()
    {
        DeadLetters.Problems.Add("Partition 1: it has no leader.");
        DeadLetters.Letters.Add(FakeDeadLetterService.Letter(1));

        Assert.Contains("Partition 1: it has no leader.", RenderTab().Markup);
    }

    [Fact]
    public void Opened_ShowsTheRecordAndWhetherItWouldPass()
    {
        DeadLetters.Letters.Add(FakeDeadLetterService.Letter(7));
        DeadLetters.WouldFail = "Still no JSON.";
        var tab = RenderTab();

        tab.Find("button[aria-expanded=false]").Click();

        tab.WaitForAssertion(() => Assert.Contains("Would fail again", tab.Markup));
        Assert.Contains("Still no JSON.", tab.Markup);
        Assert.Equal("raw", tab.Find("pre").TextContent);
        Assert.Contains("kcat -C -p 0 -o 7", tab.Markup);
    }

    [Fact]
    public void SendAgain_One_SendsItselfAndReadsTheList()
    {
        DeadLetters.Letters.Add(FakeDeadLetterService.Letter(7));
        var tab = RenderTab();
        tab.Find("button[aria-expanded=false]").Click();
        tab.WaitForState(() => tab.FindAll("button").Any(button => button.TextContent == "Send again"));
        DeadLetters.Letters.Clear();

        tab.FindAll("button").Single(button => button.TextContent == "Send again").Click();

        tab.WaitForAssertion(() => Assert.Contains("No dead letters", tab.Markup));
        var (command, filter) = Assert.Single(DeadLetters.Commands);
        Assert.Equal(("retry", new DeadLetterKey(0, 7)), (command, Assert.Single(filter.Only!)));
    }

    [Fact]
    public void SendAll_AsksWithTheDryRunInNumbers()
    {
        DeadLetters.Letters.AddRange([FakeDeadLetterService.Letter(1), FakeDeadLetterService.Letter(2, "too-large")]);
        Navigation.NavigateTo("/tasks/task-plates01/dead-letters?reason=too-large-1");
        var tab = RenderTab();

        tab.FindAll("button").Single(button => button.TextContent == "Send these again").Click();

        _dialogs.WaitForAssertion(() => Assert.Contains("312 would pass the mapping now, 4 would fail again", _dialogs.Markup), Patience);
        Assert.Empty(DeadLetters.Commands);
        _dialogs.Find(".btn.primary").Click();
        tab.WaitForAssertion(() => Assert.Equal(("retry", "too-large-1"), (DeadLetters.Commands[0].Command, DeadLetters.Commands[0].Filter.Group)), Patience);
    }

    [Theory]
    [InlineData(3, "None would pass the mapping now", "All 3 dead letters would fail again and wait as before. No JSON. Change the mapping")]
    [InlineData(1, "None would pass the mapping now", "The only dead letter would fail again and wait as before. No JSON. Change the mapping")]
    [InlineData(0, "Nothing waits here any more", "Somebody sent the dead letters again or discarded them meanwhile.")]
    public void SendAll_NoneWouldPass_SaysWhyAndOffersNoButton(int fail, string title, string text)
    {
        DeadLetters.Letters.Add(FakeDeadLetterService.Letter(1));
        DeadLetters.DryRun = new DeadLetterDryRun(0, fail, fail == 0 ? [] : ["No JSON."]);
        var tab = RenderTab();

        tab.FindAll("button").Single(button => button.TextContent == "Send all again").Click();

        _dialogs.WaitForAssertion(() => Assert.Equal(title, _dialogs.Find("h2").TextContent), Patience);
        Assert.Contains(text, _dialogs.Markup);
        Assert.Equal("Close", Assert.Single(_dialogs.FindAll(".btn")).TextContent);
        _dialogs.Find(".btn").Click();
        tab.WaitForAssertion(() => Assert.Equal(2, DeadLetters.Listed.Count), Patience);
        Assert.Empty(DeadLetters.Commands);
    }

    [Fact]
    public void SendAgain_OneThatWouldFail_IsDisabledAndSaysWhy()
    {
        DeadLetters.Letters.Add(FakeDeadLetterService.Letter(7));
        DeadLetters.WouldFail = "Still no JSON.";
        var tab = RenderTab();
        tab.Find("button[aria-expanded=false]").Click();

        tab.WaitForAssertion(() => Assert.Equal("true", tab.FindAll("button").Single(button => button.TextContent == "Send again").GetAttribute("aria-disabled")));

        Assert.Contains("It would fail again: Still no JSON. Change the mapping", tab.FindAll("button").Single(button => button.TextContent == "Send again").GetAttribute("title"));
    }

    [Fact]
    public void Time_OfTheList_IsThatOfExportSendAndDiscard()
    {
        DeadLetters.Letters.AddRange([FakeDeadLetterService.Letter(1), FakeDeadLetterService.Letter(1_800)]);
        Navigation.NavigateTo("/tasks/task-plates01/dead-letters?age=1h");
        Clock.Advance(TimeSpan.FromMinutes(10));
        var tab = RenderTab();
        var from = Now.AddMinutes(-50);
        Assert.Equal(from, Assert.Single(DeadLetters.Listed).From);
        Assert.Single(tab.FindAll("tbody tr"));
        Assert.EndsWith("/export?from=2026-11-22T13%3A10%3A00Z&format=csv", tab.FindAll("a.btn").Single(link => link.TextContent == "CSV").GetAttribute("href"));

        // What is ordered is what was seen, however long somebody thinks about it.
        Clock.Advance(TimeSpan.FromMinutes(30));
        tab.FindAll("button").Single(button => button.TextContent == "Send these again").Click();
        _dialogs.WaitForAssertion(() => Assert.Contains("Those given up since 2026-11-22 13:10:00 UTC.", _dialogs.Markup), Patience);
        _dialogs.Find(".btn.primary").Click();
        tab.WaitForAssertion(() => Assert.Equal(("retry", from), (DeadLetters.Commands[0].Command, DeadLetters.Commands[0].Filter.From!.Value)), Patience);
        Assert.Equal(from, DeadLetters.DryRuns[0].From);
    }

    [Fact]
    public void Discard_InATimeThatHasEnded_EndsThereToo()
    {
        DeadLetters.Letters.Add(FakeDeadLetterService.Letter(-40));
        Navigation.NavigateTo("/tasks/task-plates01/dead-letters?from=2026-11-22T12:00:00Z&to=2026-11-22T12:59:30Z");
        var tab = RenderTab();

        tab.FindAll("button").Single(button => button.TextContent == "Discard these").Click();
        _dialogs.WaitForElement("#confirm-name", Patience).Input("plates");
        _dialogs.Find(".btn.bad").Click();

        tab.WaitForAssertion(() => Assert.Single(DeadLetters.Commands), Patience);
        var filter = DeadLetters.Commands[0].Filter;
        Assert.Equal((Now.AddHours(-2), FakeDeadLetterService.Then.AddSeconds(-30)), (filter.From, filter.To));
    }

    [Fact]
    public void Time_WithoutLetters_KeepsItsFilter()
    {
        Navigation.NavigateTo("/tasks/task-plates01/dead-letters?age=15m");

        var tab = RenderTab();

        Assert.Contains("None matches", tab.Find(".empty").TextContent);
        Assert.Equal("15m", tab.Find(".times select").GetAttribute("value"));
    }

    [Fact]
    public void DiscardAll_WantsTheNameOfTheTask()
    {
        DeadLetters.Letters.Add(FakeDeadLetterService.Letter(1));
        var tab = RenderTab();

        tab.FindAll("button").Single(button => button.TextContent == "Discard all").Click();
        _dialogs.WaitForState(() => _dialogs.FindAll("#confirm-name").Count == 1, Patience);
        Assert.True(_dialogs.Find(".btn.bad").HasAttribute("disabled"));
        _dialogs.Find("#confirm-name").Input("plates");
        _dialogs.Find(".btn.bad").Click();

        tab.WaitForAssertion(() => Assert.Equal("discard", Assert.Single(DeadLetters.Commands).Command), Patience);
    }

    [Fact]
    public void Edit_SendsTheChangedPayloadAndTopic()
    {
        var tab = OpenEditor();

        _dialogs.Find("#letter-topic").Input("plant/2");
        _dialogs.Find("#letter-payload").Input("{}");
        _dialogs.Find(".btn.primary").Click();

        tab.WaitForAssertion(() => Assert.Equal(("plant/2", "{}"), (DeadLetters.Edits[0].MqttTopic, System.Text.Encoding.UTF8.GetString(DeadLetters.Edits[0].Payload))), Patience);
    }

    [Fact]
    public void Edit_OfATextWithWindowsLineEnds_KeepsThem()
    {
        DeadLetters.Payload = [.. "a\r\nb\r\n"u8];
        var tab = OpenEditor();

        // As a browser gives it back.
        _dialogs.Find("#letter-payload").Input("a\nc\n");
        _dialogs.Find(".btn.primary").Click();

        tab.WaitForAssertion(() => Assert.Equal("a\r\nc\r\n"u8, DeadLetters.Edits[0].Payload), Patience);
    }

    [Theory]
    [InlineData("a\r\nb\n")]
    [InlineData("a\rb")]
    public void Edit_OfATextWithOtherLineEnds_ShowsDigitsAndSendsThemUnchanged(string payload)
    {
        DeadLetters.Payload = System.Text.Encoding.UTF8.GetBytes(payload);
        var tab = OpenEditor();

        Assert.Contains("line ends of several kinds", _dialogs.Markup);
        _dialogs.Find(".btn.primary").Click();

        tab.WaitForAssertion(() => Assert.Equal(DeadLetters.Payload, DeadLetters.Edits[0].Payload), Patience);
    }

    [Fact]
    public void Edit_LeftWithoutAChange_ClosesAtOnce()
    {
        OpenEditor();

        _dialogs.Find("button[data-key=Escape]").Click();

        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("#letter-payload")), Patience);
    }

    [Fact]
    public void Edit_LeftWithAChange_AsksFirst()
    {
        OpenEditor();
        _dialogs.Find("#letter-payload").Input("other");

        _dialogs.Find("button[data-key=Escape]").Click();

        _dialogs.WaitForAssertion(() => Assert.Contains("Leave without sending?", _dialogs.Markup), Patience);
        _dialogs.FindAll("button").Last(button => button.TextContent == "Leave without sending").Click();
        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("#letter-payload")), Patience);
    }

    [Fact]
    public void Edit_LeftByALinkWithAChange_AsksFirst()
    {
        OpenEditor();
        _dialogs.Find("#letter-payload").Input("other");
        var navigation = Services.GetRequiredService<NavigationManager>();
        var before = navigation.Uri;

        _dialogs.InvokeAsync(() => navigation.NavigateTo("/connections"));

        _dialogs.WaitForAssertion(() => Assert.Contains("Leave without sending?", _dialogs.Markup), Patience);
        Assert.Equal(before, navigation.Uri);
        _dialogs.FindAll("button").Last(button => button.TextContent == "Leave without sending").Click();
        _dialogs.WaitForAssertion(() => Assert.EndsWith("/connections", navigation.Uri, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public void Viewer_SeesWhyNothingCanBeDecided()
    {
        DeadLetters.Letters.Add(FakeDeadLetterService.Letter(1));

        var tab = RenderTab("This needs the role Administrator.");

        Assert.All(["Send all again", "Discard all"], word => Assert.Equal("true", tab.FindAll("button").Single(button => button.TextContent == word).GetAttribute("aria-disabled")));
    }

    private IRenderedComponent<TaskDeadLetters> OpenEditor()
    {
        DeadLetters.Letters.Add(FakeDeadLetterService.Letter(7));
        var tab = RenderTab();
        tab.Find("button[aria-expanded=false]").Click();
        tab.WaitForState(() => tab.FindAll("button").Any(button => button.TextContent == "Edit and send"));
        tab.FindAll("button").Single(button => button.TextContent == "Edit and send").Click();
        _dialogs.WaitForState(() => _dialogs.FindAll("#letter-payload").Count == 1, Patience);
        return tab;
    }

    private IRenderedComponent<TaskDeadLetters> RenderTab(string? why = null) => Render<TaskDeadLetters>(
        parameters => parameters.Add(tab => tab.Task, SampleTasks.Task("task-plates01", "plates")).Add(tab => tab.Why, why));
}
