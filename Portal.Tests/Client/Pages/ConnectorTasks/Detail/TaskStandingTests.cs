using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Detail;

public class TaskStandingTests : TaskPageContext
{
    [Fact]
    public void Recovering_Task_SaysWhoActsAndWhenItIsTriedAgain()
    {
        Live(SampleTasks.Live(Id, ConnectorTaskStatus.Recovering, "Broker closed the connection (server busy)") with
        {
            Attempt = 3,
            NextAttemptAt = Now.AddSeconds(24),
        });

        var note = Open().Find(".note.panel").TextContent;

        Assert.Contains("Recovering: recovers by itself", note);
        Assert.Contains("Broker closed the connection (server busy) · attempt 3, next in 24 s", note);
    }

    [Fact]
    public void Recovering_AutomaticRestart_SaysHowManyAndCanBeHurriedOrStopped()
    {
        Live(SampleTasks.Live(Id, ConnectorTaskStatus.Recovering, "A bug stopped the task: boom") with
        {
            Attempt = 3,
            AttemptsAllowed = 7,
            NextAttemptAt = Now.AddSeconds(24),
        });
        var page = Open();
        Assert.Contains("attempt 3 of 7, next in 24 s", page.Find(".note.panel").TextContent);

        page.FindAll(".note.panel button").Single(button => button.TextContent == "Try now").Click();
        page.FindAll(".note.panel button").Single(button => button.TextContent == "Stop trying").Click();

        Assert.Equal([$"try-now {Id}", $"stop-trying {Id}"], Tasks.Commands);
    }

    [Fact]
    public void Recovering_LostConnection_CanBeHurriedAndNotStopped()
    {
        Live(SampleTasks.Live(Id, ConnectorTaskStatus.Recovering, "It is dark.") with { Attempt = 3, NextAttemptAt = Now.AddSeconds(24) });

        Assert.Equal(["Try now"], Open().FindAll(".note.panel button").Select(button => button.TextContent));
    }

    [Fact]
    public void Blocked_TriedAgainByItself_SaysWhenAndCanBeHurried()
    {
        Live(SampleTasks.Live(Id, ConnectorTaskStatus.Blocked, "The topic 't' does not exist in Kafka.") with { NeedsYou = true, Attempt = 3, NextAttemptAt = Now.AddSeconds(5) });
        var page = Open();

        Assert.Contains("Blocked: needs you", page.Find(".note.panel").TextContent);
        Assert.Contains("does not exist in Kafka · attempt 3, next in 5 s", page.Find(".note.panel").TextContent);
        page.FindAll(".note.panel button").Single(button => button.TextContent == "Try now").Click();
        Assert.Equal([$"try-now {Id}"], Tasks.Commands);
    }

    [Fact]
    public void Blocked_KafkaAskedWithoutPause_OffersNoAttempt()
    {
        Live(SampleTasks.Live(Id, ConnectorTaskStatus.Blocked, "Kafka does not answer, and is asked again without end."));

        var note = Open().Find(".note.panel");

        Assert.DoesNotContain("attempt", note.TextContent);
        Assert.Empty(note.QuerySelectorAll("button"));
    }

    [Fact]
    public void Owed_Sessions_AreListedWithTheirCauseAndCanBeRetried()
    {
        Tasks.Owed.Add(new OwedSessionView(4, "tcp://old:1883", "gz-old", [$"{Id}-1"], ["a"], Now, "old:1883 does not answer.", Now, Now.AddSeconds(40)));
        Live(SampleTasks.Live(Id) with { OwedSessions = 1 });

        var card = Open().Find("section[aria-label='Owed to the broker']");
        Assert.Contains($"{Id}-1", card.TextContent);
        Assert.Contains("old:1883 does not answer.", card.TextContent);
        card.QuerySelectorAll("button").First(button => button.TextContent == "Retry now").Click();

        Assert.Equal([$"retry-owed {Id}"], Tasks.Commands);
    }

    [Fact]
    public void Owed_Nothing_ShowsNothing() => Assert.Empty(Open().FindAll("section[aria-label='Owed to the broker']"));

    [Fact]
    public void Paused_SessionsKept_SaysUntilWhen()
    {
        Live(SampleTasks.Live(Id, ConnectorTaskStatus.Paused) with { SessionsKeptUntil = Now.AddHours(1) });

        Assert.Contains("The broker keeps the sessions of this task and queues for them until", Open().Find(".note.info").TextContent);
    }

    [Theory]
    [InlineData(3600L, "the broker keeps the sessions for 1 h")]
    [InlineData(0L, "messages sent meanwhile are lost")]
    [InlineData(null, "as long as it is set up to")]
    public void Pause_Task_SaysHowLongTheBrokerKeepsTheSessions(long? seconds, string words)
    {
        var task = SampleTasks.Task(Id, "plates-north") with { Live = SampleTasks.Live(Id) with { SessionExpirySeconds = seconds } };
        Tasks.Tasks.Clear();
        Tasks.Tasks.Add(task);
        Live(task.Live);
        var said = "";
        Services.GetRequiredService<Notices>().Succeeded += (text, _) => said = text;
        Open().FindAll(".head button").First(button => button.TextContent == "Pause").Click();

        Assert.Contains(words, said);
    }

    [Fact]
    public void Failed_Task_NeedsYouAndOffersARestart()
    {
        Live(SampleTasks.Live(Id, ConnectorTaskStatus.Failed, "Not authorised to write plates") with { NeedsYou = true });

        var note = Open().Find(".note.panel.bad");

        Assert.Contains("Failed: needs you", note.TextContent);
        Assert.Contains(note.QuerySelectorAll("button"), button => button.TextContent == "Restart");
    }

    [Fact]
    public void Warnings_AndOldSettings_AreTold()
    {
        Live(SampleTasks.Live(Id) with { RestartToApply = true, Warnings = ["The broker granted QoS 0."] });

        var page = Open();

        Assert.Contains("restart to apply", page.Find("h1").TextContent);
        Assert.Contains("The broker granted QoS 0.", page.Markup);
    }

    [Fact]
    public void Deleting_ThatDoesNotEnd_CanBeCutShort()
    {
        Live(SampleTasks.Live(Id, ConnectorTaskStatus.Deleting, "It finishes what is open and ends."));
        var dialogs = Render<MudDialogProvider>();
        var page = Open();
        Assert.Equal("It is being deleted.", page.FindAll(".head button").First(button => button.TextContent.Trim() == "Pause").GetAttribute("title"));

        page.FindAll(".note button").First(button => button.TextContent == "Remove at once").Click();
        dialogs.WaitForElement("#confirm-name", Patience).Input("plates-north");
        dialogs.FindAll("button").First(button => button.TextContent == "Remove task plates-north").Click();

        page.WaitForAssertion(() => Assert.Equal([$"delete {Id} 3 forgetting"], Tasks.Commands), Patience);
    }

    [Fact]
    public void Pause_Click_AsksNothingAndPauses()
    {
        var page = Open();

        page.FindAll(".head button").First(button => button.TextContent == "Pause").Click();

        Assert.Equal([$"pause {Id}"], Tasks.Commands);
    }
}
