using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Layout.Bar;

namespace Portal.Tests.Client.Layout;

public class BarTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public BarTests() => Clusters.Regions.AddRange([new Region("gz", "Guangzhou"), new Region("sh", "Shanghai")]);

    [Fact]
    public void Region_ChosenOnAList_StandsInItsAddressAndBeginsAtPageOne()
    {
        Navigation.NavigateTo("/tasks?status=failed&page=3");
        var selector = Render<RegionSelector>();

        selector.Find("select").Change("gz");

        Assert.Contains("region=gz", Navigation.Uri);
        Assert.Contains("status=failed", Navigation.Uri);
        Assert.DoesNotContain("page", Navigation.Uri);
    }

    [Fact]
    public void Region_ChosenElsewhere_WaitsForTheNextList()
    {
        Navigation.NavigateTo("/operations");
        var selector = Render<RegionSelector>();

        selector.Find("select").Change("gz");

        Assert.EndsWith("/operations", Navigation.Uri, StringComparison.Ordinal);
        Assert.Equal("/tasks?region=gz", Services.GetRequiredService<RegionState>().Link("/tasks"));
    }

    [Fact]
    public void Region_OfTheAddressThatNobodyKnows_IsShownAsItIs()
    {
        Services.GetRequiredService<RegionState>().Set("mars");

        Assert.Equal("mars", Render<RegionSelector>().Find("select").GetAttribute("value"));
    }

    [Fact]
    public void Region_WithANameOfItsOwn_IsCalledByIt()
    {
        Clusters.Regions.Clear();
        Clusters.Regions.AddRange([new Region("gz", "Guangzhou"), new Region("local", "Local")]);

        Assert.Equal(["All regions", "Region: Guangzhou (gz)", "Region: local"], Render<RegionSelector>().FindAll("option").Select(option => option.TextContent));
    }

    [Fact]
    public void Live_Silence_IsStaleUntilSomethingComes()
    {
        Feed.Tasks = [SampleTasks.Live("task-a")];
        var indicator = Render<LiveIndicator>();
        Assert.Contains("Live", indicator.Find(".up").TextContent);

        Clock.Advance(TimeSpan.FromSeconds(20));
        indicator.WaitForAssertion(() => Assert.Contains("Stale", indicator.Find(".up").TextContent), Patience);

        Feed.Send(SampleTasks.Live("task-a"));
        indicator.WaitForAssertion(() => Assert.Contains("Live", indicator.Find(".up").TextContent), Patience);
    }

    [Fact]
    public void Live_IdleTasksOfAServerThatBeats_AreNotStale()
    {
        Feed.Tasks = [SampleTasks.Live("task-a")];
        var indicator = Render<LiveIndicator>();
        Clock.Advance(TimeSpan.FromSeconds(20));
        indicator.WaitForAssertion(() => Assert.Contains("Stale", indicator.Find(".up").TextContent), Patience);

        Feed.Beat();

        indicator.WaitForAssertion(() => Assert.Contains("Live", indicator.Find(".up").TextContent), Patience);
    }

    [Fact]
    public void Live_Pressed_PausesAndGoesOn()
    {
        var indicator = Render<LiveIndicator>();

        indicator.Find("button").Click();
        Assert.Contains("Paused", indicator.Find(".up").TextContent);
        Assert.Equal("true", indicator.Find("button").GetAttribute("aria-pressed"));

        indicator.Find("button").Click();
        Assert.Contains("Live", indicator.Find(".up").TextContent);
    }

    [Fact]
    public void Navigation_FailedTasks_AreCountedAsTheyCome()
    {
        var navigation = Render<MainNavigation>();
        Assert.Empty(navigation.FindAll(".n"));

        Feed.Send(SampleTasks.Live("task-a", ConnectorTaskStatus.Failed));
        navigation.WaitForAssertion(() => Assert.StartsWith("1", navigation.Find(".n").TextContent, StringComparison.Ordinal), Patience);

        Feed.Send(SampleTasks.Live("task-a", ConnectorTaskStatus.Failed) with { IsDeleted = true });
        navigation.WaitForAssertion(() => Assert.Empty(navigation.FindAll(".n")), Patience);
    }

    [Theory]
    [InlineData(Roles.Administrator, true)]
    [InlineData(Roles.Viewer, false)]
    public void Navigation_Users_AreForAdministrators(string role, bool shown)
    {
        User.SetRoles(role);

        Assert.Equal(shown, Render<MainNavigation>().FindAll("a[href='/account/users']").Count == 1);
    }

    [Fact]
    public void Navigation_PageBelowAnArea_MarksTheArea()
    {
        Navigation.NavigateTo("/connections/resource-a/settings");

        Assert.Equal("/connections", Render<MainNavigation>().Find("[aria-current=page]").GetAttribute("href"));
    }

    [Fact]
    public void Operations_Running_AreCountedOnTheButton()
    {
        var button = Render<OperationsButton>();
        Assert.Equal("Operations", button.Find("a").GetAttribute("aria-label"));

        Feed.Send(new OperationView
        {
            Id = "op-a",
            Title = "Restart",
            State = OperationState.Running,
            StartedBy = "operator",
            StartedAt = Now,
            Items = [],
        });

        button.WaitForAssertion(() => Assert.Equal("Operations, 1 running", button.Find("a").GetAttribute("aria-label")), Patience);
    }

    [Fact]
    public void UserMenu_SignOut_IsAPostWithName()
    {
        var menu = Render<UserMenu>();

        Assert.Equal("post", menu.Find("form").GetAttribute("method"));
        Assert.Equal("/account/sign-out", menu.Find("form").GetAttribute("action"));
        Assert.Contains("operator", menu.Find(".who").TextContent);
    }
}
