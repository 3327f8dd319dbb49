using Bunit;
using Portal.Client.Contracts;
using Portal.Client.Pages.Connections;

namespace Portal.Tests.Client.Pages.Connections;

public class NewConnectionPageTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public NewConnectionPageTests() => Clusters.MqttClusters.Add(SampleConnections.Cluster);

    [Fact]
    public void Wizard_FromTypeToCreated_KeepsEachStepInTheAddress()
    {
        Connections.Answer = CommandResult.Accepted("resource-new");
        var page = Open("/connections/new");

        page.Find(".choice").Click();
        page.WaitForAssertion(() => Assert.Matches("/connections/new/draft-[0-9]+/details$", Navigation.Uri), Patience);
        Fill(page);
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.EndsWith("/verify", Navigation.Uri, StringComparison.Ordinal), Patience);
        Assert.Contains("Possible once every check has passed", page.Markup);

        Connections.Report(SampleConnections.Report());
        page.WaitForState(() => page.FindAll(".cf .btn.primary:not([aria-disabled])").Count == 1, Patience);
        page.Find(".cf .btn.primary").Click();

        page.WaitForAssertion(() => Assert.EndsWith("/connections/resource-new?created=true", Navigation.Uri, StringComparison.Ordinal), Patience);
        Assert.True(Navigation.History.First().Options.ReplaceHistoryEntry);
        Assert.Equal(SampleConnections.Draft, Connections.Saved);
        Assert.Empty(Drafts.Kept);
    }

    [Fact]
    public void Validate_Failed_NamesCauseAndCreatesNothing()
    {
        var page = AtValidation();

        Connections.Report(SampleConnections.Report(ValidationState.Failed));

        page.WaitForAssertion(() => Assert.Contains("0x86", page.Find(".stage.failed").TextContent), Patience);
        Assert.Equal("true", page.Find(".cf .btn[aria-disabled]").GetAttribute("aria-disabled"));
    }

    [Fact]
    public void Back_FromValidation_KeepsWhatWasTyped()
    {
        var page = AtValidation();

        page.FindAll("button").Single(button => button.TextContent == "Back").Click();

        page.WaitForAssertion(() => Assert.Equal("gz-prod", page.Find("#connection-name").GetAttribute("value")), Patience);
        Assert.Equal("s3cret", page.Find("#connection-password").GetAttribute("value"));
    }

    [Fact]
    public void Address_AsksForMoreThanIsPossible_ShowsTheFurthestStep()
    {
        var page = Open("/connections/new", null, "verify");

        Assert.NotNull(page.Find(".choice"));
    }

    [Fact]
    public void Check_Wrong_ShowsEveryErrorAtItsField()
    {
        Connections.Check = _ => [new("Name", "It is taken."), new("MqttClusterId", "Choose a cluster."), new("",
            "The portal is read only.")];
        var page = Open("/connections/new");
        page.Find(".choice").Click();
        page.WaitForState(() => page.FindAll("form").Count == 1, Patience);

        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Equal("It is taken.", page.Find("#connection-name-error").TextContent.Trim()), Patience);
        Assert.Equal("Choose a cluster.", page.Find("#connection-cluster-error").TextContent.Trim());
        Assert.Equal("main [aria-invalid=true]", JSInterop.Invocations["portal.focus"][^1].Arguments[0]);
        Assert.Contains("The portal is read only.", page.Find(".note.bad").TextContent);
        Assert.Equal("true", page.Find("#connection-name").GetAttribute("aria-invalid"));
    }

    [Theory]
    [InlineData("/tasks/new?step=source", "/tasks/new?step=source&conn=resource-new")]
    [InlineData("https://elsewhere.example/", "/connections?conn=resource-new")]
    [InlineData("//elsewhere.example/", "/connections?conn=resource-new")]
    public void Created_WithAReturnAddress_ReturnsThereButNeverElsewhere(string returnTo, string expected)
    {
        Connections.Answer = CommandResult.Accepted("resource-new");
        var page = AtValidation($"/connections/new?returnTo={Uri.EscapeDataString(returnTo)}");
        Connections.Report(SampleConnections.Report());
        page.WaitForState(() => page.FindAll(".cf .btn.primary:not([aria-disabled])").Count == 1, Patience);

        page.Find(".cf .btn.primary").Click();

        page.WaitForAssertion(() => Assert.Equal($"http://localhost{expected}", Navigation.Uri), Patience);
    }

    [Fact]
    public void Create_WhileTheBrokerIsAskedOnceMore_SaysSo()
    {
        var broker = new TaskCompletionSource();
        Connections.Broker = broker.Task;
        Connections.Answer = CommandResult.Accepted("resource-new");
        var page = AtValidation("/connections/new");
        Connections.Report(SampleConnections.Report());
        page.WaitForState(() => page.FindAll(".cf .btn.primary:not([aria-disabled])").Count == 1, Patience);

        page.Find(".cf .btn.primary").Click();
        page.WaitForAssertion(() => Assert.Contains("Saving", page.Find(".cf [role=status]").TextContent), Patience);
        Assert.True(page.Find(".cf .btn.primary").HasAttribute("disabled"));
        broker.SetResult();

        page.WaitForAssertion(() => Assert.Contains("/connections/resource-new", Navigation.Uri, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public void Draft_Spent_OpensNoFormButLeadsToANewOne()
    {
        var page = Open("/connections/new/draft-deadbeef/details", "draft-deadbeef", "details");

        Assert.Contains("no draft draft-deadbeef of yours any more", page.Find(".empty").TextContent);
        Assert.Empty(page.FindAll("form"));
        Assert.Equal(["/connections/new", "/connections"], page.FindAll(".empty a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public async Task Leave_WithSomethingTyped_IsKeptAsADraft()
    {
        var page = Open("/connections/new");
        page.Find(".choice").Click();
        page.WaitForState(() => page.FindAll("form").Count == 1, Patience);
        Fill(page);

        await DisposeComponentsAsync();

        await Eventually.TrueAsync(() => Drafts.Kept.Values.Any(draft => SampleConnections.Draft.Equals(draft.Content)), "it is saved, the password too");
    }

    [Fact]
    public void Clone_OfAnother_BeginsWithItsSettings()
    {
        Connections.Connections.Add(SampleConnections.Connection());

        var page = Open("/connections/new?clone=resource-a");

        page.WaitForAssertion(() => Assert.Equal("gz-prod-copy", page.Find("#connection-name").GetAttribute("value")), Patience);
    }

    [Fact]
    public void Reload_InTheMiddle_KeepsEverythingAndShowsNoPassword()
    {
        var id = Drafts.Keep(SampleConnections.Draft, "details");

        var again = Open($"/connections/new/{id}/details", id, "details");

        Assert.Equal("gz-prod", again.Find("#connection-name").GetAttribute("value"));
        Assert.Contains("Typed before, not shown", again.Markup);
        Assert.DoesNotContain("s3cret", again.Markup);
        again.Find("form").Submit();
        again.WaitForAssertion(() => Assert.Equal(1, Connections.Validations), Patience);
        Connections.Report(SampleConnections.Report());
        Connections.Answer = CommandResult.Accepted("resource-new");
        again.WaitForState(() => again.FindAll(".cf .btn.primary:not([aria-disabled])").Count == 1, Patience);
        again.Find(".cf .btn.primary").Click();
        again.WaitForAssertion(() => Assert.Equal(SampleConnections.Draft, Connections.Saved), Patience);
    }

    [Fact]
    public void Reload_AtTheValidation_ValidatesAgain()
    {
        var id = Drafts.Keep(SampleConnections.Draft, "verify");

        var page = Open($"/connections/new/{id}/verify", id, "verify");

        page.WaitForAssertion(() => Assert.Equal(1, Connections.Validations), Patience);
        Assert.Contains("Checking against the live broker", page.Markup);
    }

    [Fact]
    public void OpenedAfresh_AfterADraftWasLeft_BeginsEmpty()
    {
        Drafts.Keep(SampleConnections.Draft, "details");

        var page = Open("/connections/new");
        page.Find(".choice").Click();

        page.WaitForAssertion(() => Assert.Equal("", page.Find("#connection-name").GetAttribute("value")), Patience);
    }

    [Fact]
    public void Draft_Gone_SaysSo() =>
        Assert.Contains("no draft draft-deadbeef of yours", Open("/connections/new/draft-deadbeef/details", "draft-deadbeef", "details").Markup);

    [Fact]
    public void Viewer_IsToldWhoMay()
    {
        User.SetRoles(Roles.Viewer);

        Assert.Contains("needs the role Administrator", Open("/connections/new").Find(".empty").TextContent);
    }

    private static void Fill(IRenderedComponent<NewConnectionPage> page)
    {
        page.Find("#connection-name").Input("gz-prod");
        page.Find("#connection-cluster").Change(SampleConnections.Cluster.Id);
        page.Find("#connection-user").Input("ckafka_connector");
        page.Find("#connection-password").Input("s3cret");
    }

    // The router of these tests: what stands in the address is given to the page.
    private IRenderedComponent<NewConnectionPage> Open(string address, string? draft = null, string? step = null)
    {
        Navigation.NavigateTo(address);
        var page = Render<NewConnectionPage>(parameters => parameters.Add(it => it.DraftId, draft).Add(it => it.StepName, step));
        Navigation.LocationChanged += (_, change) => Follow(change.Location);
        Follow(Navigation.Uri);
        return page;

        void Follow(string location)
        {
            var parts = new Uri(location).AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (parts is ["connections", "new", ..])
            {
                page.Render(parameters => parameters.Add(it => it.DraftId, parts.ElementAtOrDefault(2)).Add(it => it.StepName, parts.ElementAtOrDefault(3)));
            }
        }
    }

    private IRenderedComponent<NewConnectionPage> AtValidation(string address = "/connections/new")
    {
        var page = Open(address);
        page.Find(".choice").Click();
        page.WaitForState(() => page.FindAll("form").Count == 1, Patience);
        Fill(page);
        page.Find("form").Submit();
        page.WaitForState(() => Navigation.Uri.Contains("/verify", StringComparison.Ordinal) && Connections.Validations == 1, Patience);
        return page;
    }
}
