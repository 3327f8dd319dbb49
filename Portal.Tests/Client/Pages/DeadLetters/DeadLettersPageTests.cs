using Bunit;
using Portal.Client.Contracts;
using Portal.Client.Pages.DeadLetters;
using Portal.Tests.Fakes;

namespace Portal.Tests.Client.Pages.DeadLetters;

public class DeadLettersPageTests : PageContext
{
    private static readonly DeadLetterGroup Mapping = new("mapping-failed-1", "mapping-failed", "No JSON.", 12, FakeDeadLetterService.Then, FakeDeadLetterService.Then)
    {
        Bytes = 2_048,
        LastHour = 5,
        Bars = [.. Enumerable.Range(0, 24)],
    };

    [Fact]
    public void Empty_SaysHowManyWereDelivered()
    {
        History.Points.Add(new HistoryPoint { At = Now, Seconds = 5, Confirmed = 41_000_003, DeadLettered = 3 });

        Assert.Contains("41.0\u202fM messages delivered in the last 24 h.", Render<DeadLettersPage>().Find(".empty").TextContent);
    }

    [Fact]
    public void Empty_InATime_OffersAllTimes()
    {
        Navigation.NavigateTo("/dead-letters?region=gz&age=1h");

        var page = Render<DeadLettersPage>();

        Assert.Contains("None that waits was given up in the last 1 h.", page.Find(".empty").TextContent);
        Assert.Equal("/dead-letters?region=gz", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void Time_InTheAddress_IsAskedForAndGoesWithEveryLink()
    {
        DeadLetters.Summaries.Add(new DeadLetterSummary("task-a", "line7", "orders.dlq", [Mapping], null));
        Navigation.NavigateTo("/dead-letters?from=2026-11-22T12:00:00Z&to=2026-11-22T13:30:00Z");

        var page = Render<DeadLettersPage>();

        var asked = Assert.Single(DeadLetters.Summed);
        Assert.Equal((Now.AddHours(-2), Now.AddMinutes(-30)), (asked.From, asked.To));
        Assert.EndsWith("dead-letters?reason=mapping-failed-1&from=2026-11-22T12%3A00%3A00Z&to=2026-11-22T13%3A30%3A00Z", page.FindAll("tbody a")[1].GetAttribute("href"));
        Assert.Contains("8 per hour", Tile(page, "Growth"));
    }

    [Theory]
    [InlineData("age=2y", "age=2y")]
    [InlineData("from=2026-11-22T13:00:00Z&to=2026-11-22T12:00:00Z", "to=2026-11-22T12:00:00Z")]
    public void Time_NotUnderstood_IsDroppedAndReported(string query, string reported)
    {
        Navigation.NavigateTo($"/dead-letters?{query}");

        var page = Render<DeadLettersPage>();

        Assert.True(Assert.Single(DeadLetters.Summed).IsAny);
        Assert.Contains(reported, page.Find(".note.info").TextContent);
    }

    [Fact]
    public void Time_Chosen_StandsInTheAddress()
    {
        DeadLetters.Summaries.Add(new DeadLetterSummary("task-a", "line7", "orders.dlq", [Mapping], null));
        var page = Render<DeadLettersPage>();

        page.Find(".times select").Change("24h");
        page.WaitForAssertion(() => Assert.EndsWith("/dead-letters?age=24h", Navigation.Uri));
        page.Find(".times select").Change("between");

        page.WaitForAssertion(() => Assert.EndsWith("/dead-letters?from=2026-11-21T14%3A00%3A00Z", Navigation.Uri));
        page.FindAll(".times input")[1].Change("2026-11-20T10:00");
        Assert.Contains("The end lies before the beginning", page.Find("[role=alert]").TextContent);
        Assert.DoesNotContain("to=", Navigation.Uri);
        page.FindAll(".times input")[1].Change("2026-11-22T10:00:30");
        Assert.EndsWith("&to=2026-11-22T10%3A00%3A30Z", Navigation.Uri);
    }

    [Fact]
    public void Head_SumsAllGroupsAndSaysWhatWasNotRead()
    {
        var older = Mapping with { Id = "too-large-1", Count = 3, First = Now.AddDays(-3), LastHour = 0 };
        DeadLetters.Summaries.Add(new DeadLetterSummary("task-a", "line7", "orders.dlq", [Mapping, older], null, Unread: 1_200));

        var page = Render<DeadLettersPage>();

        Assert.Contains("15", Tile(page, "Waiting"));
        Assert.Contains("5 per hour", Tile(page, "Growth"));
        Assert.Contains("3 d ago", Tile(page, "Oldest"));
        Assert.Contains("4.0 KiB", Tile(page, "Bytes"));
        Assert.Contains("1\u202f200 older offsets were not read", page.Markup);
        Assert.Equal(2, page.FindAll("tbody svg.spark").Count);
    }

    [Fact]
    public void Groups_LinkToTheTabWithTheirReason()
    {
        DeadLetters.Summaries.Add(new DeadLetterSummary("task-a", "line7", "orders.dlq", [Mapping], null));

        var page = Render<DeadLettersPage>();

        Assert.Equal(["/tasks/task-a/dead-letters", "/tasks/task-a/dead-letters?reason=mapping-failed-1"], page.FindAll("tbody a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void Problem_OfOneTask_StandsBesideTheOthers()
    {
        DeadLetters.Summaries.Add(new DeadLetterSummary("task-a", "line7", "orders.dlq", [], "Kafka did not answer."));
        DeadLetters.Summaries.Add(new DeadLetterSummary("task-b", "line8", "orders.dlq", [Mapping], null));

        var rows = Render<DeadLettersPage>().FindAll("tbody tr");

        Assert.Contains("Not everything could be read: Kafka did not answer.", rows[0].TextContent);
        Assert.Contains("No JSON.", rows[1].TextContent);
    }

    [Fact]
    public void Forbidden_SaysWhatIsNeeded()
    {
        DeadLetters.Refusal = (CommandOutcome.Forbidden, "Needs the role Viewer.");

        Assert.Contains("Needs the role Viewer.", Render<DeadLettersPage>().Markup);
    }

    private static string Tile(IRenderedComponent<DeadLettersPage> page, string label) => page.Find($".tile[aria-label={label}]").TextContent;
}
