using AngleSharp.Dom;
using Bunit;
using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.Create;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Create;

public class ConnectorTaskCreateTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private string? _draft;

    public ConnectorTaskCreateTests()
    {
        Connections.Connections.AddRange([Connection("resource-a", "gz-prod"), Connection("resource-b", "gz-fleet")]);
        Clusters.KafkaInstances.Add(new KafkaInstanceView { Id = "ckafka-a", Name = "kafka-gz", Region = "gz", BootstrapServers = "kafka:9092" });
        Clusters.Topics.Add(new KafkaTopicView("plates", 6, 3));
        Tasks.Check = draft => [.. Wrong(draft)];
    }

    [Fact]
    public void Wizard_Fresh_OffersTheFirstStepWithoutReproach()
    {
        var page = Render<ConnectorTaskCreate>();

        Assert.Equal("Basics", page.Find(".steps [aria-current=step] .word").TextContent);
        Assert.Empty(page.FindAll("[aria-invalid=true]"));
    }

    [Fact]
    public void Viewer_IsToldWhoMay_AndGetsNoForm()
    {
        User.SetRoles(Roles.Viewer);

        var page = Render<ConnectorTaskCreate>();

        Assert.Contains("needs the role Administrator", page.Find(".empty").TextContent);
        Assert.Empty(page.FindAll("form, button"));
    }

    [Fact]
    public void Next_NothingFilledIn_ShowsTheErrorAndStays()
    {
        var page = Render<ConnectorTaskCreate>();

        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Contains("Fill in a name.", page.Find(".field .error").TextContent), Patience);
        Assert.Equal("1", page.Find(".steps .wrong .n").TextContent);
        Assert.EndsWith("/", Navigation.Uri);
    }

    [Fact]
    public void Next_StepIsRight_GoesOnByTheAddress()
    {
        var page = Render<ConnectorTaskCreate>();

        page.Find("#field-Name").Input("plates-north");
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Matches("/tasks/new/draft-[0-9]+/source$", Navigation.Uri), Patience);
    }

    [Fact]
    public void Source_PastedTopics_BecomeChipsWithOverlapWarning()
    {
        var page = At("source");

        page.Find("#field-Topics").Input("sensor/#, sensor/1,");

        Assert.Equal(["sensor/#", "sensor/1"], page.FindAll(".chips .tag").Select(chip => chip.TextContent.Trim()));
        Assert.Contains("already covers", page.Markup);
        page.Find(".chips button[aria-label='Remove sensor/1']").Click();
        Assert.DoesNotContain("already covers", page.Markup);
    }

    [Fact]
    public void Target_NoTopicYet_SaysWhatTheDeadLetterTopicIsMadeOf()
    {
        var page = At("target");
        Assert.Contains("Left empty: the name of the topic and “.dlq”.", page.Find("#field-DeadLetterTopic-hint").TextContent);

        page.Find("#field-Topic").Input("plates");

        Assert.Equal("Left empty: plates.dlq", page.Find("#field-DeadLetterTopic-hint").TextContent);
    }

    [Fact]
    public void Source_QosZero_TheSentenceSaysNotAtLeastOnce()
    {
        var page = At("source");
        Assert.Contains("At least once:", page.Find("aside").TextContent);

        page.Find("#field-Qos").Change("0");

        Assert.Contains("Not at least once:", page.Find("aside").TextContent);
    }

    [Fact]
    public void Source_NewConnection_LeadsToItsWizardAndBack()
    {
        var page = At("source");

        Assert.Contains(page.FindAll("a"), link => link.GetAttribute("href") == $"/connections/new?returnTo=/tasks/new/{_draft}/source");
    }

    [Fact]
    public void Return_WithANewConnection_KeepsWhatWasFilledIn()
    {
        Keep(new ConnectorTaskDraft { Name = "half-filled" });
        Navigation.NavigateTo($"/tasks/new/{_draft}/source?conn=resource-b");

        var page = Render<ConnectorTaskCreate>(parameters => parameters.Add(it => it.DraftId, _draft).Add(it => it.Slug, "source"));

        page.WaitForAssertion(() => Assert.Equal("resource-b", page.Find("#field-ConnectionId").GetAttribute("value")), Patience);
        page.Render(parameters => parameters.Add(it => it.Slug, "basics"));
        Assert.Equal("half-filled", page.Find("#field-Name").GetAttribute("value"));
        Assert.Empty(page.FindAll(".note.info"));
    }

    [Fact]
    public void Draft_LeftBefore_IsRestoredAndCanBeEmptied()
    {
        Keep(new ConnectorTaskDraft { Name = "half-filled" });
        var page = At("basics");
        Assert.Contains("the draft that you left", page.Find(".note.info").TextContent);

        page.FindAll("button").First(button => button.TextContent == "Start over").Click();

        Assert.Empty(page.FindAll(".note.info"));
        Assert.True(string.IsNullOrEmpty(page.Find("#field-Name").GetAttribute("value")));
        Assert.Empty(Drafts.Kept);
        Assert.EndsWith("/tasks/new", Navigation.Uri);
    }

    [Fact]
    public void Draft_SpentOrOfSomebodyElse_OpensNoFormButLeadsToANewOne()
    {
        Navigation.NavigateTo("/tasks/new/draft-deadbeef/target");

        var page = Render<ConnectorTaskCreate>(parameters => parameters.Add(it => it.DraftId, "draft-deadbeef").Add(it => it.Slug, "target"));

        page.WaitForAssertion(() => Assert.Contains("no draft draft-deadbeef of yours any more", page.Markup), Patience);
        Assert.Empty(page.FindAll("form"));
        Navigation.NavigateTo("/tasks/new");
        page.Render(parameters => parameters.Add(it => it.DraftId, null).Add(it => it.Slug, null));
        page.WaitForAssertion(() => Assert.Equal("Basics", page.Find(".steps [aria-current=step] .word").TextContent), Patience);
        Assert.Empty(Drafts.Kept);
    }

    [Fact]
    public async Task Leave_InTheMiddle_SavesWhatWasTypedLast()
    {
        var page = Render<ConnectorTaskCreate>();
        page.Find("#field-Name").Input("plates");

        await DisposeComponentsAsync();

        await Eventually.TrueAsync(() => Drafts.Kept.Values.Any(draft => draft.Content is ConnectorTaskDraft { Name: "plates" }), "it is saved");
    }

    [Fact]
    public void Filter_WithErrors_UnderlinesThemAtTheirPlaces()
    {
        Tasks.Check = _ => [new("Filter", "Position 7: Expected a value.", new TextPlace(6, 1)), new("Filter", "Position 13: Expected a value.", new TextPlace(12, 0))];
        var page = At("source");

        page.Find("#field-Filter").Input("a AND b OR c");
        Clock.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Equal(["b", "␣"], page.FindAll(".marked u").Select(mark => mark.TextContent)), Patience);
        Assert.Equal("a AND b OR c␣", page.Find(".marked").TextContent);
    }

    [Fact]
    public void Filter_OnSamples_SaysHowManyPassAndHints()
    {
        Keep(Filled with { Filter = "regio = 'gz'" });
        Sampling.Map = (_, message) => new RecordView { Passes = message.Topic == "a" };
        Sampling.Hints = [new("Filter", "Column 1: none of the messages here has a user property “regio”.", new TextPlace(0, 5))];
        var page = At("source");
        page.FindAll("button").First(button => button.TextContent == "Start sampling 30 s").Click();

        Sampling.Views.Writer.TryWrite(new SampleView { Progress = SampleProgress.Ended, Messages = [new() { Topic = "a" }, new() { Topic = "b" }], Received = 2, Ending = "The time is over." });

        page.WaitForAssertion(() => Assert.Contains("1 of 2 samples passes.", page.Markup), Patience);
        Assert.Equal("regio", page.Find(".marked u").TextContent);
    }

    [Fact]
    public void Review_SamplesThatCannotBeMapped_AreTold()
    {
        Keep(Filled);
        Sampling.Map = (_, message) => new RecordView { Passes = true, Failure = message.Topic == "a" ? "No JSON." : null };
        var page = At("mapping");
        page.FindAll("button").First(button => button.TextContent == "Start sampling 30 s").Click();
        Sampling.Views.Writer.TryWrite(new SampleView { Progress = SampleProgress.Ended, Messages = [new() { Topic = "a" }, new() { Topic = "b" }], Received = 2, Ending = "The time is over." });
        page.WaitForAssertion(() => Assert.Contains("1 of 2 fail", page.Markup), Patience);

        Navigation.NavigateTo($"/tasks/new/{_draft}/review");
        page.Render(parameters => parameters.Add(one => one.DraftId, _draft).Add(one => one.Slug, "review"));

        Assert.Contains("1 of 2 samples cannot be mapped with these settings.", page.Find(".review").TextContent);
    }

    [Fact]
    public void Review_Yaml_HoldsTheSettings()
    {
        Keep(Filled);
        var page = At("review");

        Assert.Contains("connectionId: resource-a", page.Find("pre.yaml").TextContent);
    }

    [Fact]
    public void Change_AfterAPause_IsKept()
    {
        var page = Render<ConnectorTaskCreate>();

        page.Find("#field-Name").Input("plates");
        Clock.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Contains("Draft saved", page.Find(".sub").TextContent), Patience);
        var (id, draft) = Assert.Single(Drafts.Kept);
        Assert.Equal("plates", ((ConnectorTaskDraft)draft.Content).Name);
        Assert.EndsWith($"/tasks/new/{id}/basics", Navigation.Uri);
    }

    [Fact]
    public void Copy_OfATask_TakesItsSettingsUnderAnotherName()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "plates-north"));
        Navigation.NavigateTo("/tasks/new?copy=task-aaaaaaaa");

        var page = Render<ConnectorTaskCreate>();

        page.WaitForState(() => Drafts.Kept.Count == 1, Patience);
        page.Render(parameters => parameters.Add(it => it.DraftId, Drafts.Kept.Keys.Single()).Add(it => it.Slug, "basics"));
        page.WaitForAssertion(() => Assert.Equal("plates-north-copy", page.Find("#field-Name").GetAttribute("value")), Patience);
        Assert.EndsWith($"/tasks/new/{Assert.Single(Drafts.Kept).Key}/basics", Navigation.Uri);
    }

    [Fact]
    public void Target_ExistingTopics_AreSuggestedAndDescribed()
    {
        Keep(Filled);

        var page = At("target");

        page.WaitForAssertion(() => Assert.Contains(page.FindAll("datalist option"), option => option.GetAttribute("value") == "plates"), Patience);
        Assert.Contains("Exists, with 6 partitions", page.Find("#field-Topic-hint").TextContent);
    }

    [Fact]
    public void Target_NumberThatIsNone_SaysSo()
    {
        Keep(Filled);
        var page = At("target");

        page.Find("#field-RetryAttempts").Input("few");
        Clock.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Contains("“few” is not a whole number", page.Find("#field-RetryAttempts-error").TextContent), Patience);
        Assert.Equal("few", page.Find("#field-RetryAttempts").GetAttribute("value"));
    }

    [Fact]
    public void Review_WithErrors_ListsThemAllWithTheirSteps()
    {
        var page = At("review");

        var list = page.Find("[role=alert]");
        Assert.Contains("Fill in a name.", list.TextContent);
        Assert.Contains("Add a topic.", list.TextContent);
        Assert.Contains(list.QuerySelectorAll("a"), link => link.GetAttribute("href") == $"/tasks/new/{_draft}/source");
        Assert.Equal(0, Tasks.Preflights);
        Assert.Contains(page.FindAll("button[aria-disabled=true]"), button => button.TextContent == "Create task");
    }

    [Fact]
    public void Review_Complete_ChecksKafkaAndCreates()
    {
        Keep(Filled);
        Tasks.Answer = CommandResult.Accepted("task-new00000");
        var page = At("review");
        Assert.Equal(1, Tasks.Preflights);
        Tasks.Report(Report(ValidationState.Passed));
        page.WaitForAssertion(() => Assert.Contains("All passed", page.Markup), Patience);

        page.FindAll("button").First(button => button.TextContent == "Create task").Click();

        page.WaitForAssertion(() => Assert.EndsWith("/tasks/task-new00000", Navigation.Uri), Patience);
        Assert.True(Navigation.History.First().Options.ReplaceHistoryEntry);
        Assert.Equal(["create"], Tasks.Commands);
        Assert.Equal(Filled.Name, Tasks.Saved!.Name);
    }

    [Fact]
    public async Task Review_PreflightFails_CanBeCreatedAllTheSame()
    {
        Keep(Filled);
        var page = At("review");

        Tasks.Report(Report(ValidationState.Failed));

        page.WaitForAssertion(() => Assert.Contains(page.FindAll("button"), button => button.TextContent == "Create anyway"), Patience);
        Assert.Contains("Topic plates does not exist.", page.Find(".stages").TextContent);
        page.FindAll("button").First(button => button.TextContent == "Create paused").Click();
        await Eventually.TrueAsync(() => Tasks.Commands.SequenceEqual(["create paused"]), "the task is created, paused");
    }

    [Fact]
    public void Create_RefusedAsInvalid_ShowsWhatTheServerFound()
    {
        Keep(Filled);
        Tasks.Answer = CommandResult.Invalid([new FieldError("Name", "“plates-north” is taken.")]);
        var page = At("review");

        page.FindAll("button").First(button => button.TextContent == "Create task").Click();

        page.WaitForAssertion(() => Assert.Contains("“plates-north” is taken.", page.Find("[role=alert]").TextContent), Patience);
    }

    [Fact]
    public void Wizard_ConnectionsCannotBeRead_SaysWhyAndTriesAgain()
    {
        Connections.Gate = Task.FromException(new InvalidOperationException("The database is locked."));
        var page = Render<ConnectorTaskCreate>();
        Assert.Contains("The database is locked.", page.Find("[role=alert]").TextContent);

        Connections.Gate = Task.CompletedTask;
        page.FindAll("button").First(button => button.TextContent == "Try again").Click();

        Assert.NotNull(page.Find("#field-Name"));
    }

    private static ConnectorTaskDraft Filled => new()
    {
        Name = "plates-north",
        ConnectionId = "resource-a",
        KafkaInstanceId = "ckafka-a",
        Topics = ["city/north/plates"],
        Topic = "plates",
    };

    private static ConnectionView Connection(string id, string name) => new()
    {
        Id = id,
        Name = name,
        MqttClusterId = "mqtt-a",
        MqttClusterName = "mq",
        Region = "gz",
        Endpoint = "tcp://mq:1883",
        Status = ConnectionStatus.Running,
    };

    private static IEnumerable<FieldError> Wrong(ConnectorTaskDraft draft)
    {
        if (draft.Name.Length == 0)
        {
            yield return new("Name", "Fill in a name.");
        }

        if (draft.Topics.Count == 0)
        {
            yield return new("Topics", "Add a topic.");
        }
    }

    private static ValidationReport Report(ValidationState state)
    {
        var result = state == ValidationState.Failed ? "Topic plates does not exist." : "6 partitions";
        var step = new ValidationStep { Name = "topic", Title = "Topic plates", State = state, Result = result };
        return new([step], 100, Finished: true, Passed: state == ValidationState.Passed);
    }

    private void Keep(ConnectorTaskDraft draft) => _draft = Drafts.Keep(draft);

    private IRenderedComponent<ConnectorTaskCreate> At(string slug)
    {
        _draft ??= Drafts.Keep(new ConnectorTaskDraft());
        Navigation.NavigateTo($"/tasks/new/{_draft}/{slug}");
        return Render<ConnectorTaskCreate>(parameters => parameters.Add(page => page.DraftId, _draft).Add(page => page.Slug, slug));
    }
}
