using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Client.Contracts;
using Portal.Client.Pages.Connections;
using Portal.Client.Wizards;

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
        page.WaitForAssertion(() => Assert.EndsWith("?step=configure", Navigation.Uri, StringComparison.Ordinal), Patience);
        Fill(page);
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.EndsWith("?step=validate", Navigation.Uri, StringComparison.Ordinal), Patience);
        Assert.Contains("Possible once every check has passed", page.Markup);

        Connections.Report(SampleConnections.Report());
        page.WaitForState(() => page.FindAll(".cf .btn.primary:not([aria-disabled])").Count == 1, Patience);
        page.Find(".cf .btn.primary").Click();

        page.WaitForAssertion(() => Assert.Contains("gz-prod is ready", page.Markup), Patience);
        Assert.Equal("/tasks/new?conn=resource-new", page.Find("a.primary").GetAttribute("href"));
        Assert.Equal(SampleConnections.Draft, Connections.Saved);
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
        var page = Open("/connections/new?step=validate");

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
    public void Leave_WithSomethingTyped_AsksFirst()
    {
        var dialogs = Render<MudDialogProvider>();
        var page = Open("/connections/new");
        page.Find(".choice").Click();
        page.WaitForState(() => page.FindAll("form").Count == 1, Patience);
        Fill(page);

        Navigation.NavigateTo("/tasks");

        dialogs.WaitForAssertion(() => Assert.Contains("Leave the new connection?", dialogs.Markup), Patience);
        Assert.Contains("/connections/new", Navigation.Uri);
    }

    [Fact]
    public void Clone_OfAnother_BeginsWithItsSettings()
    {
        Connections.Connections.Add(SampleConnections.Connection());

        var page = Open("/connections/new?clone=resource-a");

        page.WaitForAssertion(() => Assert.Equal("gz-prod-copy", page.Find("#connection-name").GetAttribute("value")), Patience);
    }

    [Fact]
    public async Task Reload_InTheMiddle_KeepsAllButThePassword()
    {
        var page = Open("/connections/new");
        page.Find(".choice").Click();
        page.WaitForState(() => page.FindAll("form").Count == 1, Patience);
        Fill(page);
        Clock.Advance(TimeSpan.FromSeconds(2));
        await DisposeComponentsAsync();

        var again = Open("/connections/new?step=configure");

        again.WaitForAssertion(() => Assert.Equal("gz-prod", again.Find("#connection-name").GetAttribute("value")), Patience);
        Assert.Equal("", again.Find("#connection-password").GetAttribute("value") ?? "");
    }

    [Fact]
    public async Task OpenedAfresh_AfterADraftWasLeft_BeginsEmpty()
    {
        await Services.GetRequiredService<WizardDrafts>().KeepAsync("connection",
            SampleConnections.Draft with { Password = SecretChange.Keep });

        var page = Open("/connections/new");
        page.Find(".choice").Click();

        page.WaitForAssertion(() => Assert.Equal("", page.Find("#connection-name").GetAttribute("value")), Patience);
    }

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

    private IRenderedComponent<NewConnectionPage> Open(string address)
    {
        Navigation.NavigateTo(address);
        return Render<NewConnectionPage>();
    }

    private IRenderedComponent<NewConnectionPage> AtValidation(string address = "/connections/new")
    {
        var page = Open(address);
        page.Find(".choice").Click();
        page.WaitForState(() => page.FindAll("form").Count == 1, Patience);
        Fill(page);
        page.Find("form").Submit();
        page.WaitForState(() => Navigation.Uri.Contains("step=validate", StringComparison.Ordinal) && Connections.Validations == 1,
            Patience);
        return page;
    }
}
