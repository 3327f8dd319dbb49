using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.Detail;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Detail;

public class ConnectorTaskPageTests : PageContext
{
    private const string Id = "task-aaaaaaaa";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public ConnectorTaskPageTests()
    {
        Tasks.Tasks.Add(SampleTasks.Task(Id, "plates-north"));
        Clusters.KafkaInstances.Add(new KafkaInstanceView { Id = "ckafka-a", Name = "kafka-gz", Region = "gz", BootstrapServers = "kafka:9092" });
        Connections.Connections.Add(new ConnectionView { Id = "resource-a", Name = "gz-prod", MqttClusterId = "mqtt-a", MqttClusterName = "mq", Region = "gz" });
    }

    [Fact]
    public void Page_UnknownTask_SaysSo()
    {
        Tasks.Tasks.Clear();

        Assert.Contains("There is no such task", Open().Find(".empty").TextContent);
    }

    [Fact]
    public void Page_ServiceFails_SaysWhyAndTriesAgain()
    {
        Tasks.Gate = Task.FromException(new InvalidOperationException("The database is locked."));
        var page = Open();
        Assert.Contains("The database is locked.", page.Find("[role=alert]").TextContent);

        Tasks.Gate = Task.CompletedTask;
        page.FindAll("button").First(button => button.TextContent == "Try again").Click();

        Assert.Contains("plates-north", page.Find("h1").TextContent);
    }

    [Fact]
    public void Head_Task_NamesItIdRevisionAndGroup()
    {
        var head = Open().Find(".head").TextContent;

        Assert.Contains("Running", head);
        Assert.Contains(Id, head);
        Assert.Contains("revision 3", head);
        Assert.Contains("task_aaaaaaaa", head);
    }

    [Fact]
    public void Flow_Target_LeadsToItsKafkaInstance() =>
        Assert.Equal($"/clusters/kafka/{Tasks.Tasks[0].Settings.KafkaInstanceId}", Open().Find(".flow a[href^='/clusters/kafka/']").GetAttribute("href"));

    [Fact]
    public void Books_Balanced_StandAsAnEquationOfAllCounters()
    {
        Live(SampleTasks.Live(Id) with
        {
            Books = new TaskBooks(1_060, 1_000, 17, 20, 3, 4, 6, 10, 2),
            Window = 10_000,
            OldestOpen = TimeSpan.FromMilliseconds(11),
        });

        var books = Open().Find("section[aria-label=Books]");

        Assert.Contains("0 unaccounted for", books.TextContent);
        Assert.Equal(
            ["1\u202f060", "1\u202f000", "17", "20", "3", "4", "6", "10"],
            books.QuerySelectorAll(".b strong").Select(figure => figure.TextContent.Trim()));
        Assert.Equal("=++++++", string.Concat(books.QuerySelectorAll(".op").Select(sign => sign.TextContent)));
        Assert.Contains("11 ms", books.TextContent);
    }

    [Fact]
    public void Books_NotBalanced_SaysHowManyAreMissing()
    {
        Live(SampleTasks.Live(Id) with { Books = TaskBooks.Empty with { Received = 5, Delivered = 3 } });

        Assert.Contains("2 unaccounted for", Open().Find("section[aria-label=Books] .chip.bad").TextContent);
    }

    [Fact]
    public void Discards_WithReasons_AreCountedApart()
    {
        Live(SampleTasks.Live(Id) with { Discards = new Dictionary<string, long> { ["window full at QoS 0"] = 12 } });

        Assert.Contains("window full at QoS 0", Open().Find("section[aria-label=Books]").TextContent);
    }

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
    public void Backlog_BrokerTells_IsShownWithTheOutageBudget()
    {
        Live(SampleTasks.Live(Id) with { Backlog = 1_200, BacklogLimit = 200_000, OutageBudgetSeconds = 720 });

        var card = Open().Find("section[aria-label='At the broker']").TextContent;

        Assert.Contains("1\u202f200", card);
        Assert.Contains("the broker would keep everything for about 12 min", card);
    }

    [Fact]
    public void Backlog_BrokerDoesNotTell_SaysSoAndHowLongSessionsAreKept()
    {
        Live(SampleTasks.Live(Id) with { SessionExpirySeconds = 3600 });

        var card = Open().Find("section[aria-label='At the broker']").TextContent;

        Assert.Contains("This broker does not tell", card);
        Assert.Contains("kept for 1 h", card);
    }

    [Fact]
    public void Latency_SincePublishing_IsShownWhereMessagesSayIt()
    {
        Assert.DoesNotContain("From publishing", Open().Find("section[aria-label=Latency]").TextContent);
        Live(SampleTasks.Live(Id) with { PublishLatencyP50 = 41, PublishLatencyP95 = 52, PublishLatencyP99 = 63 });

        var card = Open().Find("section[aria-label=Latency]").TextContent;

        Assert.Contains("From publishing to Kafka", card);
        Assert.Contains("63 ms", card);
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
    public async Task Figures_Change_ArePatchedPastTheRenderer()
    {
        Live(SampleTasks.Live(Id) with { InPerSecond = 1, OutPerSecond = 1 });
        var page = Open();
        var renders = page.RenderCount;

        Feed.Send(SampleTasks.Live(Id) with { InPerSecond = 12_400, OutPerSecond = 12_300, LatencyP99 = 14 });

        await Eventually.TrueAsync(() => page.InvokeAsync(() => Patched.Contains("task/in=12.4\u202fk")), "the rate is patched");
        Assert.Contains("task/p99=14 ms", Patched);
        Assert.Equal(renders, page.RenderCount);
    }

    [Fact]
    public void Deleted_WhileOpen_SaysSoAndDisablesTheActions()
    {
        var page = Open();

        Tasks.Tasks.Clear();
        Feed.Send(SampleTasks.Live(Id) with { Status = ConnectorTaskStatus.Deleting, IsDeleted = true });

        page.WaitForAssertion(() => Assert.Contains("This task was deleted", page.Find("[role=alert]").TextContent), Patience);
        Assert.Contains("plates-north", page.Find("h1").TextContent);
        Assert.NotEmpty(page.FindAll(".head button[aria-disabled=true]"));
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
    public void Feed_FallsSilent_SaysSinceWhen()
    {
        Live(SampleTasks.Live(Id));
        var page = Open();

        Clock.Advance(TimeSpan.FromSeconds(14));

        page.WaitForAssertion(() => Assert.Contains("The live figures stopped 14 s ago", page.Find(".note").TextContent), Patience);
    }

    [Fact]
    public void Viewer_SeesActionsWithTheReasonWhyNot()
    {
        User.SetRoles(Roles.Viewer);

        var page = Open();

        Assert.All(
            page.FindAll(".head .btn:not([aria-haspopup])"),
            button => Assert.Contains("needs the role Administrator", button.GetAttribute("title")));
    }

    [Fact]
    public void Pause_Click_AsksNothingAndPauses()
    {
        var page = Open();

        page.FindAll(".head button").First(button => button.TextContent == "Pause").Click();

        Assert.Equal([$"pause {Id}"], Tasks.Commands);
    }

    [Fact]
    public void Clients_Row_ShowsAllDetailsWhenOpened()
    {
        Clients.Clients.AddRange([Line($"{Id}-0"), Line($"{Id}-1", LiveClientStatus.Waiting)]);
        var page = Open("clients");

        page.Find($"button[aria-label='Details of {Id}-0']").Click();

        var details = page.Find("tr.details").TextContent;
        Assert.Contains("$share/task_aaaaaaaa/city/north/plates", details);
        Assert.Contains("QoS 1 asked, 0 granted", details);
        Assert.Contains("less than asked", details);
        Assert.Contains("region", details);
        Assert.Contains("Server busy (0x89)", page.Find("tbody").TextContent);
        Assert.Contains("attempt 2, next in 8 s", page.Find("tbody").TextContent);
    }

    [Fact]
    public void Clients_OfTheTask_AreShownWithoutWhatIsTheSameForAll()
    {
        Clients.Clients.AddRange([Line($"{Id}-0"), Line("other-0") with { TaskId = "task-bbbbbbbb" }]);

        var page = Open("clients");

        Assert.Equal([$"{Id}-0"], page.FindAll("tbody a.name").Select(link => link.TextContent));
        var heads = page.FindAll("thead th").Select(head => head.TextContent).ToList();
        Assert.DoesNotContain("Task", heads);
        Assert.Contains("Messages", heads);
        Assert.Contains("Traffic", heads);
        Assert.Equal($"/api/v1/clients/export?task={Id}&format=csv", page.Find("#export-menu a").GetAttribute("href"));
    }

    [Fact]
    public void Clients_One_HasNoFiltersAndSeveralHave()
    {
        Clients.Clients.Add(Line($"{Id}-0"));
        Assert.Empty(Open("clients").FindAll(".toolbar"));

        Clients.Clients.Add(Line($"{Id}-1", LiveClientStatus.Waiting));
        var page = Open("clients", "?q=nobody");

        Assert.Contains("No client of this task where id, host or endpoint contains “nobody”.", page.Find(".empty").TextContent);
        Assert.Equal($"/tasks/{Id}/clients", page.Find(".empty a").GetAttribute("href"));
        var waiting = Open("clients", "?q=nobody&status=waiting").Find(".counters a[aria-current=true]");
        Assert.Equal(("Waiting to try again 0", $"/tasks/{Id}/clients?q=nobody"), (waiting.TextContent.Trim(), waiting.GetAttribute("href")));
    }

    [Fact]
    public void Clients_Paused_SaysThatTheBrokerKeepsTheirSessions()
    {
        Tasks.Tasks[0] = SampleTasks.Task(Id, "plates-north", ConnectorTaskStatus.Paused);

        Assert.Contains("the broker keeps their sessions", Open("clients").Find(".empty").TextContent);
    }

    [Fact]
    public void Clients_Disconnect_AsksFirst()
    {
        Clients.Clients.Add(Line($"{Id}-0"));
        var dialogs = Render<MudDialogProvider>();
        var page = Open("clients");

        ClientMenu(page, "Disconnect").Click();
        dialogs.WaitForAssertion(() => Assert.Contains("The broker keeps its messages meanwhile", dialogs.Find(".dialog").TextContent), Patience);
        dialogs.FindAll("button").First(button => button.TextContent == "Disconnect client").Click();

        page.WaitForAssertion(() => Assert.Equal([$"disconnect {Id} {Id}-0"], Tasks.Commands), Patience);
    }

    [Fact]
    public void Clients_DeleteSession_WantsItTyped()
    {
        Clients.Clients.Add(Line($"{Id}-0"));
        var dialogs = Render<MudDialogProvider>();
        var page = Open("clients");

        ClientMenu(page, "Disconnect and delete session…").Click();
        dialogs.WaitForElement("#bulk-confirm", Patience).Input("delete 1");
        dialogs.Find(".btn.bad").Click();

        page.WaitForAssertion(() => Assert.Equal([$"DeleteSession clients {Id}-0"], Bulk.Commands), Patience);
    }

    [Fact]
    public void Clients_AllThatMatch_AreThoseOfTheTaskOnly()
    {
        Clients.Clients.AddRange(Enumerable.Range(0, 21).Select(number => Line($"{Id}-{number}")));
        var dialogs = Render<MudDialogProvider>();
        var page = Open("clients");
        Bulk.Review = new([$"{Id}-0"], [$"{Id}-0"], []);

        page.Find("tbody input[type=checkbox]").Change(true);
        page.FindAll(".bulk button").Single(button => button.TextContent.StartsWith("Select all", StringComparison.Ordinal)).Click();
        page.FindAll(".bulk button").Single(button => button.TextContent == "Disconnect").Click();
        dialogs.WaitForElement(".btn.primary", Patience);

        Assert.Equal([$"q= status= task={Id}"], Bulk.Reviewed);
    }

    [Fact]
    public void Clients_OfADeletedTask_CannotBeDisconnected()
    {
        Clients.Clients.Add(Line($"{Id}-0"));
        Live(SampleTasks.Live(Id) with { IsDeleted = true });

        Assert.Contains("The task was deleted.", ClientMenu(Open("clients"), "Disconnect").TextContent);
    }

    [Fact]
    public void Events_MoreThanAPage_LoadsOlderOnes()
    {
        Tasks.Events.AddRange(
            Enumerable.Range(1, 170).Select(id => new TaskEvent(id, Now.AddMinutes(id - 200), "Status", EventSeverity.Info, null, $"Event {id}")));
        var page = Open("events");
        Assert.Equal(100, page.FindAll(".timeline li").Count);

        page.FindAll("button").First(button => button.TextContent == "Load older").Click();

        Assert.Equal(170, page.FindAll(".timeline li").Count);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent == "Load older");
        Assert.Equal($"/tasks/{Id}/events?event=evt_170", page.Find(".timeline a").GetAttribute("href"));
    }

    [Fact]
    public void Events_NewOnes_WaitBehindABar()
    {
        Tasks.Events.Add(new TaskEvent(1, Now, "Status", EventSeverity.Info, null, "Running"));
        var page = Open("events");

        Tasks.Events.Add(new TaskEvent(2, Now, "Failure", EventSeverity.Error, null, "Kafka refused the topic"));
        Clock.Advance(TimeSpan.FromSeconds(5));

        page.WaitForAssertion(() => Assert.Contains("1 new event.", page.Find(".note.info").TextContent), Patience);
        Assert.Single(page.FindAll(".timeline li"));
        page.FindAll("button").First(button => button.TextContent == "Show").Click();
        Assert.Equal(2, page.FindAll(".timeline li").Count);
    }

    [Fact]
    public void Settings_Tab_ReadsLikeTheReviewOfTheWizard()
    {
        var page = Open("settings");

        Assert.Contains("city/north/plates", page.Find("section[aria-label=Source]").TextContent);
        Assert.Contains("plates.dlq", page.Find("section[aria-label=Target]").TextContent);
        Assert.Equal($"/tasks/{Id}/edit", page.Find("a.btn.primary").GetAttribute("href"));
    }

    [Fact]
    public void Edit_QosAndClients_SaysThatTheTaskRestartsAndSaves()
    {
        var dialogs = Render<MudDialogProvider>();
        var page = Open("edit");

        page.Find("#field-Clients").Input("4");
        Assert.Contains("The task goes on. Clients that join", page.Find(".savebar").TextContent);
        page.Find("#field-Qos").Change("2");
        Assert.Contains("starts again with the new settings", page.Find(".savebar").TextContent);
        page.Find("form.edit").Submit();

        dialogs.WaitForAssertion(() => Assert.Contains("Clients: 4", dialogs.Find(".dialog").TextContent), Patience);
        dialogs.FindAll("button").First(button => button.TextContent == "Save and restart plates-north").Click();
        page.WaitForAssertion(() => Assert.Equal([$"update {Id} 3"], Tasks.Commands), Patience);
        Assert.Equal(4, Tasks.Saved!.Clients);
        page.WaitForAssertion(() => Assert.EndsWith($"/tasks/{Id}/settings", Navigation.Uri), Patience);
    }

    [Fact]
    public void Edit_Filter_SaysThatItSwapsWithoutARestart()
    {
        var page = Open("edit");

        page.Find("#field-Filter").Input("qos = 1");

        Assert.Contains("without a restart", page.Find(".savebar").TextContent);
    }

    [Fact]
    public void Edit_SomebodyWasFaster_SaysWhoAndMergesOrDropsMine()
    {
        Revisions.OfTask.Add(new(4, Now.AddMinutes(-2), "boris", new ConnectorTaskDraft()));
        var dialogs = Render<MudDialogProvider>();
        var page = Open("edit");
        page.Find("#field-Clients").Input("4");
        Tasks.Answer = CommandResult.Not(CommandOutcome.Conflict, "Somebody saved revision 4.");
        Tasks.Tasks[0] = Tasks.Tasks[0] with { Revision = 4, Settings = Tasks.Tasks[0].Settings with { Description = "theirs" } };

        page.Find("form.edit").Submit();
        dialogs.WaitForAssertion(() => Assert.NotEmpty(dialogs.FindAll("button.primary")), Patience);
        dialogs.Find("button.primary").Click();
        page.WaitForAssertion(() => Assert.Contains("boris saved revision 4", page.Find("[role=alert]").TextContent), Patience);
        page.FindAll("button").First(button => button.TextContent == "See their changes").Click();
        Assert.Contains("theirs", page.Find(".diff").TextContent);

        page.FindAll("button").First(button => button.TextContent == "Merge mine on top").Click();
        Assert.Equal("4", page.Find("#field-Clients").GetAttribute("value"));
        Assert.Contains("theirs", page.Find("#field-Description").GetAttribute("value"));
    }

    [Fact]
    public void Edit_TypedAndLeftByACut_StandsInTheFormAgain()
    {
        var page = Open("edit");
        page.Find("#field-Clients").Input("4");
        Clock.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Single(Drafts.Kept), Patience);

        var again = Open("edit");
        Assert.Equal("4", again.Find("#field-Clients").GetAttribute("value"));
        Assert.Contains("stands in the form again", again.Find(".note.info").TextContent);
        Assert.Empty(Tasks.Commands);

        again.FindAll("button").Single(button => button.TextContent == "Discard").Click();
        again.WaitForAssertion(() => Assert.Empty(Drafts.Kept), Patience);
        Assert.NotEqual("4", again.Find("#field-Clients").GetAttribute("value"));
    }

    [Fact]
    public async Task Edit_TypedJustBeforeTheCut_IsKeptByTheEndOfThePage()
    {
        var page = Open("edit");
        page.Find("#field-Clients").Input("4");

        await DisposeComponentsAsync();

        Assert.Equal(4, Assert.IsType<EditDraft<ConnectorTaskDraft>>(Assert.Single(Drafts.Kept).Value.Content).After.Clients);
    }

    [Fact]
    public void Edit_Target_CanBeCheckedBeforeItIsSaved()
    {
        var page = Open("edit");
        page.FindAll("button").Single(button => button.TextContent == "Check").Click();
        Tasks.Report(SampleConnections.Report(ValidationState.Failed));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".stages")), Patience);

        page.Find("#field-Clients").Input("4");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".stages")), Patience);
    }

    [Fact]
    public void Edit_KeptWhileAnotherSaved_OffersTheMergeAtOnce()
    {
        var now = Tasks.Tasks[0];
        var before = now.Settings with { Description = "was" };
        Drafts.Kept[$"draft-of-{Id}"] = (DraftKind.ConnectorTaskEdit, new EditDraft<ConnectorTaskDraft>(now.Revision - 1, before, before with { Clients = 7 }), "edit");

        var page = Open("edit");
        Assert.Contains($"saved revision {now.Revision}", page.Find("[role=alert]").TextContent);
        page.FindAll("button").First(button => button.TextContent == "Merge mine on top").Click();

        Assert.Equal("7", page.Find("#field-Clients").GetAttribute("value"));
        Assert.Equal(now.Settings.Description, page.Find("#field-Description").GetAttribute("value") ?? page.Find("#field-Description").TextContent);
    }

    [Fact]
    public void Edit_OfAnOldRevision_PutsItIntoTheFormAndSavesNothing()
    {
        Revisions.OfTask.Add(new(2, Now.AddDays(-1), "anna", Tasks.Tasks[0].Settings with { Clients = 7 }));
        var page = Open("edit", "?restore=2");

        Assert.Equal("7", page.Find("#field-Clients").GetAttribute("value"));
        Assert.Contains("Revision 2, saved", page.Find(".note.info").TextContent);
        Assert.Empty(Tasks.Commands);
    }

    [Fact]
    public void Settings_Revisions_SayWhatChangedAndLeadToRestoring()
    {
        var now = Tasks.Tasks[0].Settings;
        Revisions.OfTask.Add(new(3, Now, "boris", now));
        Revisions.OfTask.Add(new(2, Now.AddDays(-1), "anna", now with { Clients = 7 }));
        var list = Open("settings").Find("section[aria-label=Revisions]");

        Assert.Contains("by anna", list.TextContent);
        Assert.Contains("Clients: 7", list.QuerySelector(".diff")!.TextContent);
        Assert.Equal($"/tasks/{Id}/edit?restore=2", Assert.Single(list.QuerySelectorAll("a")).GetAttribute("href"));
    }

    private static AngleSharp.Dom.IElement ClientMenu(IRenderedComponent<ConnectorTaskPage> page, string word)
    {
        page.Find($"button[aria-label='Actions for {Id}-0']").Click();
        return page.FindAll("[role=menu][aria-label=Actions] [role=menuitem]").First(item => item.TextContent.StartsWith(word, StringComparison.Ordinal));
    }

    private static ClientLine Line(string id, LiveClientStatus status = LiveClientStatus.Online) => new()
    {
        TaskId = Id,
        TaskName = "plates-north",
        ConnectionId = "resource-a",
        ConnectionName = "gz-prod",
        Region = "gz",
        Client = Client(id, status),
    };

    private static TaskClientLive Client(string id, LiveClientStatus status) => new()
    {
        ClientId = id,
        Status = status,
        Endpoint = "tcp://mq:1883",
        Host = status == LiveClientStatus.Online ? "10.0.0.7:50123" : null,
        ProtocolVersion = "5.0",
        KeepAliveSeconds = 30,
        SessionExpirySeconds = 3_600,
        SessionPresent = true,
        CreatedAt = Now,
        ConnectedAt = Now,
        Attempt = status == LiveClientStatus.Waiting ? 2 : 0,
        NextAttemptAt = status == LiveClientStatus.Waiting ? Now.AddSeconds(8) : null,
        LastError = status == LiveClientStatus.Waiting ? "Server busy (0x89)" : null,
        Subscriptions = [new("$share/task_aaaaaaaa/city/north/plates", 1, 0, null)],
        UserProperties = [new("region", "gz")],
        Window = 5_000,
    };

    private void Live(ConnectorTaskLive live) => Feed.Tasks = [live with { ObservedAt = Now }];

    private IRenderedComponent<ConnectorTaskPage> Open(string? tab = null, string query = "")
    {
        Navigation.NavigateTo($"/tasks/{Id}{(tab is null ? "" : $"/{tab}")}{query}");
        return Render<ConnectorTaskPage>(parameters => parameters.Add(page => page.Id, Id).Add(page => page.Tab, tab));
    }
}
