using Bunit;
using FsCheck;
using FsCheck.Fluent;
using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.Detail.Events;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Detail.Events;

public class TaskEventsTests : PageContext
{
    private const string Id = "task-aaaaaaaa";
    private static readonly string[] Words = ["anna", "a b", "100 %", "größe", "x&y=z"];

    public TaskEventsTests() => Tasks.Events.AddRange(
    [
        Line(1, -2_000, "Config", EventSeverity.Info, "anna", "Topic: a → b"),
        Line(2, -60, "Failure", EventSeverity.Error, null, "Kafka refused the topic"),
        Line(3, -50, "Failure", EventSeverity.Error, null, "Kafka refused the topic"),
        Line(4, -40, "Failure", EventSeverity.Error, null, "Kafka refused the topic"),
        Line(5, -30, "Status", EventSeverity.Warning, null, "Recovering"),
    ]);

    [Fact]
    public void Lines_RepeatedErrors_AreOneThatSaysHowMany()
    {
        var lines = Open().FindAll(".timeline li");

        Assert.Equal(3, lines.Count);
        Assert.Contains("× 3 in 20 s, since ", lines[1].TextContent);
        Assert.Equal(2, lines[1].QuerySelectorAll("time[data-absolute]").Length);
    }

    [Fact]
    public void Lines_OfTwoDays_StandUnderTheirDay() => Assert.Equal(
        ["Sunday, 22 November 2026", "Saturday, 21 November 2026"], Open().FindAll(".day").Select(day => day.TextContent));

    // At 14:00 UTC it is tomorrow there, and so say the times of the lines.
    [Fact]
    public void Lines_ReadInAnotherZone_StandUnderTheDayThere()
    {
        JSInterop.Setup<string?>("portal.zone").SetResult("Pacific/Auckland");

        Assert.Equal(["Monday, 23 November 2026", "Saturday, 21 November 2026"], Open().FindAll(".day").Select(day => day.TextContent));
    }

    [Fact]
    public void Lines_ReadInAZoneUnknownHere_StandUnderTheDayOfUtc()
    {
        JSInterop.Setup<string?>("portal.zone").SetResult("Moon/Tranquillity");

        Assert.Equal("Sunday, 22 November 2026", Open().Find(".day").TextContent);
    }

    [Fact]
    public void Filters_InTheAddress_AreAskedForAndShown()
    {
        var page = Open("?kind=failure,status&severity=error&actor=ann&q=kafka&age=1h");
        var query = TaskEvents.Queries[0];

        Assert.Equal(["Status", "Failure"], query.Kinds);
        Assert.Equal((EventSeverity.Error, "ann", "kafka", Now.AddHours(-1)), (query.Least, query.Actor, query.Text, query.From!.Value));
        Assert.Equal(["Status", "Failure"], page.FindAll("[aria-pressed=true]").Select(button => button.TextContent));
        Assert.Contains("No events match", page.Find(".empty").TextContent);
    }

    [Fact]
    public void Filter_Chosen_GoesToTheAddress()
    {
        var page = Open();
        page.Find("select[aria-label=Severity]").Change("Warning");

        Assert.EndsWith($"/tasks/{Id}/events?severity=warning", Navigation.Uri);
    }

    [Fact]
    public void Link_ToOneOfMany_ShowsItApartAndMarked()
    {
        var page = Open("?event=evt_3");

        Assert.Equal("event-3", Assert.Single(page.FindAll(".chosen")).Id);
        Assert.Equal(["event-5", "event-4", "event-3", "event-2", "event-1"], page.FindAll(".timeline li").Select(line => line.Id));
        Assert.Contains(JSInterop.Invocations, call => call.Identifier == "portal.focus" && (string?)call.Arguments[0] == "#event-3");
    }

    [Fact]
    public void Link_ToWhatIsNotKept_SaysSo() =>
        Assert.Contains("not kept any more", Open("?event=evt_99").Find("[role=status]").TextContent);

    [Fact]
    public void Failure_OfTheService_IsSaidWithARetry()
    {
        TaskEvents.Gate = Task.FromException(new InvalidOperationException("The database is locked."));
        var page = Open();
        Assert.Contains("The database is locked.", page.Find("[role=alert]").TextContent);

        TaskEvents.Gate = Task.CompletedTask;
        page.FindAll("button").First(button => button.TextContent == "Try again").Click();

        Assert.NotEmpty(page.FindAll(".timeline li"));
    }

    [Fact]
    public void Chart_OfAnOldEvent_IsTheShortestRangeThatShowsIt()
    {
        Assert.Equal("?range=15m", EventWords.ChartQuery(Now.AddMinutes(-3), Now));
        Assert.Equal("", EventWords.ChartQuery(Now.AddMinutes(-40), Now));
        Assert.Equal("?range=7d", EventWords.ChartQuery(Now.AddDays(-60), Now));
    }

    [Fact]
    public void Url_AnyFilter_ComesBackTheSame() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        (from kinds in Gen.SubListOf(TaskEventQuery.AllKinds.AsEnumerable())
         from least in Gen.Elements(Enum.GetValues<EventSeverity>())
         from actor in Gen.Elements<string?>([null, .. Words])
         from text in Gen.Elements<string?>([null, .. Words])
         from age in Gen.Elements<HistoryRange?>([null, .. HistoryRange.All])
         select new EventUrl([.. TaskEventQuery.AllKinds.Where(kinds.Contains)], least, actor, text, age)).ToArbitrary(),
        filter =>
        {
            var query = System.Web.HttpUtility.ParseQueryString(new Uri($"https://portal.example{filter.Format("/x")}").Query);
            return EventUrl.Parse(query["kind"], query["severity"], query["actor"], query["q"], query["age"]).Equals(filter);
        }));

    private static TaskEvent Line(long id, int minute, string kind, EventSeverity severity, string? actor, string text) =>
        new(id, minute < -1_000 ? Now.AddMinutes(minute) : Now.AddSeconds(minute), kind, severity, actor, text);

    private IRenderedComponent<TaskEvents> Open(string query = "")
    {
        Navigation.NavigateTo($"/tasks/{Id}/events{query}");
        return Render<TaskEvents>(parameters => parameters.Add(tab => tab.TaskId, Id));
    }
}
