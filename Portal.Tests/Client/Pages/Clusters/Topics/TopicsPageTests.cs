using Bunit;
using MudBlazor;
using Portal.Client.Contracts;
using Portal.Client.Pages.Clusters.Topics;

namespace Portal.Tests.Client.Pages.Clusters.Topics;

public class TopicsPageTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IRenderedComponent<MudDialogProvider> _dialogs;

    public TopicsPageTests()
    {
        _dialogs = Render<MudDialogProvider>();
        Clusters.KafkaInstances.Add(new KafkaInstanceView { Id = "ckafka-a", Name = "kafka-gz", Region = "gz", BootstrapServers = "kafka:9092" });
        Topics.Topics.Add(new TopicView("orders", 6, 3, [new TopicUser("task-a", "line7", TopicUse.Target)]));
        Topics.Topics.Add(new TopicView("orders.dlq", 1, 3, [new TopicUser("task-a", "line7", TopicUse.DeadLetters)]));
    }

    [Fact]
    public void List_NamesPartitionsReplicasAndTasks()
    {
        var page = RenderPage();

        var rows = page.FindAll("tbody tr");
        Assert.Equal(["orders", "orders.dlq"], rows.Select(row => row.QuerySelector(".name")!.TextContent));
        Assert.Equal("/tasks/task-a", rows[0].QuerySelector("td:nth-child(4) a")!.GetAttribute("href"));
        Assert.Equal("/tasks/task-a/dead-letters", rows[1].QuerySelector("td:nth-child(4) a")!.GetAttribute("href"));
        Assert.Equal("/clusters/ckafka-a/topics/orders", rows[0].QuerySelector(".name")!.GetAttribute("href"));
    }

    [Fact]
    public void Search_InTheAddress_NarrowsAndSaysWhenNothingFits()
    {
        Navigation.NavigateTo("/clusters/ckafka-a/topics?q=dlq");
        var page = RenderPage();
        Assert.Single(page.FindAll("tbody tr"));

        Navigation.NavigateTo("/clusters/ckafka-a/topics?q=nowhere");

        page.WaitForAssertion(() => Assert.Contains("No topic matches", page.Markup));
    }

    [Fact]
    public void Empty_SaysHowTopicsComeAbout()
    {
        Topics.Topics.Clear();

        Assert.Contains("No topics yet", RenderPage().Markup);
    }

    [Fact]
    public void Silent_SaysWhyAndTriesAgain()
    {
        Topics.ListCause = "Kafka at kafka:9092 did not list its topics.";
        var page = RenderPage();
        Assert.Contains("did not list its topics", page.Find("[role=alert]").TextContent);

        Topics.ListCause = null;
        page.FindAll("button").Single(button => button.TextContent == "Try again").Click();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    [Fact]
    public void Viewer_SeesWhyNothingCanBeCreated()
    {
        User.SetRoles(Roles.Viewer);

        var button = RenderPage().FindAll("button").Single(button => button.TextContent == "Create topic");

        Assert.Equal("true", button.GetAttribute("aria-disabled"));
        Assert.Contains("needs the role Administrator", button.GetAttribute("title"));
    }

    [Fact]
    public void Create_Refused_StaysOpenWithTheWordsAtTheirFields()
    {
        Topics.Answer = CommandResult.Invalid([new("Name", "The topic orders exists already.")]);
        OpenDialog();

        _dialogs.Find("#topic-name").Input("orders");
        _dialogs.Find(".btn.primary").Click();

        _dialogs.WaitForAssertion(() => Assert.Equal("The topic orders exists already.", _dialogs.Find("#topic-name-error").TextContent.Trim()), Patience);
    }

    [Fact]
    public void Create_Accepted_SendsWhatWasFilledInAndListsAgain()
    {
        var page = OpenDialog();
        _dialogs.Find("#topic-name").Input("new");
        _dialogs.Find("#topic-retention").Input("48");
        _dialogs.Find("#topic-cleanup").Change("compact");
        Topics.Topics.Add(new TopicView("new", 6, 3, []));

        _dialogs.Find(".btn.primary").Click();

        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("tbody tr").Count), Patience);
        Assert.Equal(new TopicDraft { Name = "new", RetentionHours = 48, Cleanup = "compact" }, Assert.Single(Topics.Created));
    }

    [Fact]
    public void Create_InTheSandbox_OffersWhatItHasAndSaysWhatNot()
    {
        Clusters.KafkaInstances[0] = Clusters.KafkaInstances[0] with { IsEmbedded = true };
        OpenDialog();

        Assert.Empty(_dialogs.FindAll("#topic-replicas"));
        Assert.Contains("not offered here", _dialogs.Markup);
    }

    [Fact]
    public void Removed_SaysSo()
    {
        Clusters.KafkaInstances.Clear();

        Assert.Contains("There is no such Kafka instance", RenderPage().Markup);
    }

    private IRenderedComponent<TopicsPage> RenderPage() => Render<TopicsPage>(parameters => parameters.Add(page => page.Id, "ckafka-a"));

    private IRenderedComponent<TopicsPage> OpenDialog()
    {
        var page = RenderPage();
        page.FindAll("button").Single(button => button.TextContent == "Create topic").Click();
        _dialogs.WaitForState(() => _dialogs.FindAll("#topic-name").Count == 1, Patience);
        return page;
    }
}
