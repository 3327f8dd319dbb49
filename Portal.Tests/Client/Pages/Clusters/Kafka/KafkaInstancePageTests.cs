using Bunit;
using MudBlazor;
using Portal.Client.Contracts;
using Portal.Client.Pages.Clusters.Kafka;

namespace Portal.Tests.Client.Pages.Clusters.Kafka;

public class KafkaInstancePageTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly KafkaInstanceView Instance = new()
    {
        Id = "ckafka-a",
        Revision = 4,
        Name = "orders",
        Region = "gz",
        BootstrapServers = "kafka-1:9092,kafka-2:9092",
        Security = KafkaSecurityProtocol.SaslSsl,
        Mechanism = KafkaMechanism.ScramSha512,
        UserName = "portal",
        HasPassword = true,
    };

    private static readonly KafkaClusterFacts Facts = new(
        "cluster-7", [new KafkaBroker(1, "kafka-1:9092") { IsReached = true, CertificateExpiresAt = Now.AddDays(10) }, new KafkaBroker(2, "kafka-2.internal:9092") { IsReached = false }]);

    private readonly IRenderedComponent<MudDialogProvider> _dialogs;

    public KafkaInstancePageTests()
    {
        _dialogs = Render<MudDialogProvider>();
        Clusters.KafkaInstances.Add(Instance);
        Clusters.Dependents.AddRange([new("task-aaaaaaaa", "plates", true, 1), new("task-bbbbbbbb", "lab", false, 0)]);
        Feed.Tasks = [SampleTasks.Live("task-aaaaaaaa") with { OutPerSecond = 310 }];
    }

    [Fact]
    public void Page_NeverTested_ShowsSettingsAndInventsNothing()
    {
        var page = Open();

        var facts = page.Find("[aria-labelledby=facts-heading]").TextContent;
        Assert.All(["kafka-1:9092", "kafka-2:9092", "SASL_SSL", "SCRAM-SHA-512", "portal", "stored, not shown", "those of this machine"], words => Assert.Contains(words, facts));
        Assert.Contains("Not known yet", page.Find("[aria-labelledby=brokers-heading]").TextContent);
        Assert.Contains("Not tested yet", page.Find("[aria-label=Test]").TextContent);
        Assert.Empty(page.FindAll("h1 .chip"));
        Assert.Contains(page.FindAll(".head a"), link => link.GetAttribute("href") == "/clusters/ckafka-a/topics");
    }

    [Fact]
    public void LastTest_IsShownWithItsStagesAndTheBrokersThatItSaw()
    {
        Clusters.Checks.Add(Check(2, SampleConnections.Report(ValidationState.Failed)));
        Clusters.Checks.Add(Check(1, SampleConnections.Report() with { Kafka = Facts }));

        var page = Open();

        Assert.Contains("1 of 2 failed", page.Find("h1").TextContent);
        var test = page.Find("[aria-label=Test]");
        Assert.Contains("by anna", test.TextContent);
        Assert.Contains("Check user and password.", test.QuerySelector(".stages")!.TextContent);
        var rows = page.FindAll("[aria-labelledby=brokers-heading] tbody tr");
        Assert.Contains("kafka-1:9092", rows[0].TextContent);
        Assert.Contains("expires soon", rows[0].TextContent);
        Assert.Contains("Not reached", rows[1].TextContent);
        Assert.Contains("Cluster cluster-7", page.Find("[aria-labelledby=brokers-heading]").TextContent);
    }

    [Fact]
    public void LastTest_OfAnotherAddress_IsCalledSo()
    {
        Clusters.Checks.Add(Check(1, SampleConnections.Report() with { Kafka = Facts }) with { IsOutdated = true });

        var page = Open();

        Assert.Equal("Check outdated", page.Find("h1 .chip").TextContent.Trim());
        Assert.Contains("The instance was changed since", page.Find("[aria-label=Test] .note").TextContent);
        Assert.Contains("before the instance was changed", page.Find("[aria-labelledby=brokers-heading]").TextContent);
    }

    [Fact]
    public void Test_OnThePage_ReplacesTheLastOneAndTellsItsBrokers()
    {
        Clusters.Checks.Add(Check(1, SampleConnections.Report(ValidationState.Failed)));
        var page = Open();

        page.FindAll("button").Single(button => button.TextContent == "Test").Click();
        Clusters.Checks.Insert(0, Check(2, SampleConnections.Report() with { Kafka = Facts }));
        Clusters.Report(SampleConnections.Report() with { Kafka = Facts });

        page.WaitForAssertion(() => Assert.Contains("All passed", page.Find("h1").TextContent), Patience);
        Assert.Equal(2, page.FindAll("[aria-labelledby=brokers-heading] tbody tr").Count);
        Assert.Equal(("ckafka-a", SecretChangeKind.Keep), (Clusters.Tested[0].Id, ((KafkaInstanceDraft)Clusters.Tested[0].Draft).Password.Kind));
    }

    [Fact]
    public void Revisions_OfAnInstance_LeadToTheFormWithTheOldOneAndTheSecretsOfNow()
    {
        var now = new KafkaInstanceDraft { Name = "orders", Region = "gz", BootstrapServers = "kafka-1:9092", UserName = "portal" };
        Revisions.OfKafkaInstance.AddRange([new(4, Now, "boris", now), new(3, Now.AddDays(-1), null, now with { UserName = "former" })]);
        var page = Open();

        var old = page.FindAll("[aria-label=Revisions] li")[1];
        Assert.Contains("user: former", old.TextContent);
        Navigation.NavigateTo(old.QuerySelector("a.btn")!.GetAttribute("href")!);

        _dialogs.WaitForAssertion(() => Assert.Contains("password and key stay as they are now", _dialogs.Find(".note.info").TextContent), Patience);
        _dialogs.Find("[data-key=Escape]").Click();
        _dialogs.WaitForAssertion(() => Assert.Contains("Leave without saving?", _dialogs.Markup), Patience);
        _dialogs.FindAll("button").First(button => button.TextContent == "Leave without saving").Click();
        page.WaitForAssertion(() => Assert.EndsWith("/clusters/kafka/ckafka-a", Navigation.Uri), Patience);
        Assert.Empty(Clusters.Saved);
    }

    [Fact]
    public async Task Tasks_ThatWriteToIt_AreShownLiveAndFollowed()
    {
        var page = Open();
        var tasks = page.Find("[aria-label='Tasks that use it']");
        Assert.Contains("1 asked to run, 1 paused", tasks.TextContent);
        Assert.Equal("/tasks/task-aaaaaaaa", tasks.QuerySelector("a.name")!.GetAttribute("href"));
        Assert.Contains("310", page.Find("td.out [data-cell='task-aaaaaaaa/out']").TextContent);

        Feed.Send(SampleTasks.Live("task-aaaaaaaa") with { OutPerSecond = 842 });
        await Eventually.TrueAsync(() => Patched.Contains("task-aaaaaaaa/out=842"), "the rate was patched");

        Clusters.Dependents.Add(new("task-cccccccc", "new", true, 1));
        Clock.Advance(TimeSpan.FromSeconds(10));
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("[aria-label='Tasks that use it'] tbody tr").Count), Patience);
    }

    [Fact]
    public void Delete_InUse_SaysWhyNot()
    {
        Clusters.KafkaInstances[0] = Instance with { Tasks = 2 };
        var page = Open();

        page.Find("#instance-menu").Click();

        Assert.Contains("2 tasks write to it", page.Find("[role=menuitem][aria-disabled=true]").TextContent);
    }

    [Fact]
    public void Page_RemovedByAnother_SaysSoByItself()
    {
        var page = Open();
        Clusters.KafkaInstances.Clear();

        Clock.Advance(TimeSpan.FromSeconds(10));

        page.WaitForAssertion(() => Assert.Contains("There is no such Kafka instance", page.Markup), Patience);
    }

    [Fact]
    public void Tasks_ThatCannotBeRead_CanBeTriedAgain()
    {
        Clusters.Failure = new InvalidOperationException("The disk takes nothing.");
        var page = Open();
        Assert.Contains("The disk takes nothing.", page.Find("[role=alert]").TextContent);

        Clusters.Failure = null;
        page.FindAll("button").Single(button => button.TextContent == "Try again").Click();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("[aria-label='Tasks that use it'] tbody tr").Count), Patience);
    }

    [Fact]
    public void Viewer_ReadsTheLastTestAndStartsNone()
    {
        User.SetRoles(Roles.Viewer);
        Clusters.Checks.Add(Check(1, SampleConnections.Report()));

        var page = Open();

        Assert.Contains("All passed", page.Find("[aria-label=Test]").TextContent);
        Assert.Equal("true", page.FindAll("button").Single(button => button.TextContent == "Test").GetAttribute("aria-disabled"));
        Assert.Empty(_dialogs.FindAll("[role=dialog]"));
    }

    private static KafkaCheck Check(long id, ValidationReport report) => new(id, Now.AddMinutes(-3), "anna", report);

    private IRenderedComponent<KafkaInstancePage> Open() => Render<KafkaInstancePage>(parameters => parameters.Add(one => one.Id, "ckafka-a"));
}
