using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.Create;
using Portal.Client.Wizards;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Create;

public class ConnectorTaskCreateTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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

        page.WaitForAssertion(() => Assert.EndsWith("/tasks/new/source", Navigation.Uri), Patience);
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

        Assert.Contains(page.FindAll("a"), link => link.GetAttribute("href") == "/connections/new?returnTo=/tasks/new/source");
    }

    [Fact]
    public void Return_WithANewConnection_KeepsWhatWasFilledIn()
    {
        Keep(new ConnectorTaskDraft { Name = "half-filled" });
        Navigation.NavigateTo("/tasks/new/source?conn=resource-b");

        var page = Render<ConnectorTaskCreate>(parameters => parameters.Add(it => it.Slug, "source"));

        page.WaitForAssertion(() => Assert.Equal("resource-b", page.Find("#field-ConnectionId").GetAttribute("value")), Patience);
        page.Render(parameters => parameters.Add(it => it.Slug, null));
        Assert.Equal("half-filled", page.Find("#field-Name").GetAttribute("value"));
        Assert.Empty(page.FindAll(".note.info"));
    }

    [Fact]
    public void Draft_LeftBefore_IsRestoredAndCanBeEmptied()
    {
        Keep(new ConnectorTaskDraft { Name = "half-filled" });
        var page = Render<ConnectorTaskCreate>();
        Assert.Contains("the draft that you left", page.Find(".note.info").TextContent);

        page.FindAll("button").First(button => button.TextContent == "Start over").Click();

        Assert.Empty(page.FindAll(".note.info"));
        Assert.True(string.IsNullOrEmpty(page.Find("#field-Name").GetAttribute("value")));
    }

    [Fact]
    public void Change_AfterAPause_IsKept()
    {
        var page = Render<ConnectorTaskCreate>();

        page.Find("#field-Name").Input("plates");
        Clock.Advance(TimeSpan.FromSeconds(1));

        page.WaitForAssertion(() => Assert.Contains("Draft kept", page.Find(".sub").TextContent), Patience);
        Assert.Contains(JSInterop.Invocations, call => call.Identifier == "sessionStorage.setItem");
    }

    [Fact]
    public void Copy_OfATask_TakesItsSettingsUnderAnotherName()
    {
        Tasks.Tasks.Add(SampleTasks.Task("task-aaaaaaaa", "plates-north"));
        Navigation.NavigateTo("/tasks/new?copy=task-aaaaaaaa");

        var page = Render<ConnectorTaskCreate>();

        page.WaitForAssertion(() => Assert.Equal("plates-north-copy", page.Find("#field-Name").GetAttribute("value")), Patience);
        Assert.EndsWith("/tasks/new", Navigation.Uri);
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
        Assert.Contains(list.QuerySelectorAll("a"), link => link.GetAttribute("href") == "/tasks/new/source");
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
        Assert.Equal(["create"], Tasks.Commands);
        Assert.Equal(Filled.Name, Tasks.Saved!.Name);
    }

    [Fact]
    public void Review_PreflightFails_CanBeCreatedAllTheSame()
    {
        Keep(Filled);
        var page = At("review");

        Tasks.Report(Report(ValidationState.Failed));

        page.WaitForAssertion(() => Assert.Contains(page.FindAll("button"), button => button.TextContent == "Create anyway"), Patience);
        Assert.Contains("Topic plates does not exist.", page.Find(".stages").TextContent);
        page.FindAll("button").First(button => button.TextContent == "Create paused").Click();
        Assert.Equal(["create paused"], Tasks.Commands);
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

    // The browser of these tests answers at once.
    private void Keep(ConnectorTaskDraft draft) =>
        Assert.True(Services.GetRequiredService<WizardDrafts>().KeepAsync("task", draft).IsCompleted);

    private IRenderedComponent<ConnectorTaskCreate> At(string slug)
    {
        Navigation.NavigateTo($"/tasks/new/{slug}");
        return Render<ConnectorTaskCreate>(parameters => parameters.Add(page => page.Slug, slug));
    }
}
