using Bunit;
using Portal.Client.Contracts;
using Portal.Client.Pages.DeadLetters;
using Portal.Tests.Fakes;

namespace Portal.Tests.Client.Pages.DeadLetters;

public class DeadLettersPageTests : PageContext
{
    private static readonly DeadLetterGroup Mapping = new("mapping-failed-1", "mapping-failed", "No JSON.", 12, FakeDeadLetterService.Then, FakeDeadLetterService.Then);

    [Fact]
    public void Empty_SaysSoInWords() => Assert.Contains("No message that was refused for good waits", Render<DeadLettersPage>().Markup);

    [Fact]
    public void Groups_LinkToTheTabWithTheirReason()
    {
        DeadLetters.Summaries.Add(new DeadLetterSummary("task-a", "line7", "orders.dlq", [Mapping], null));

        var page = Render<DeadLettersPage>();

        Assert.Contains("12 dead letters of 1 task", page.Find(".counters").TextContent);
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
}
