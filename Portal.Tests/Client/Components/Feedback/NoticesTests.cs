using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Client.Components.Feedback;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Feedback;

public class NoticesTests : PageContext
{
    private Notices Notices => Services.GetRequiredService<Notices>();

    [Fact]
    public void Accepted_IsAToastThatGoesByItself()
    {
        var host = Render<NoticeHost>();

        var accepted = Notices.Show(CommandResult.Accepted(), "Delete connection lab", "Connection lab deleted");
        Assert.True(accepted);
        host.WaitForAssertion(() => Assert.Contains("Connection lab deleted", host.Find(".toast").TextContent));

        Clock.Advance(TimeSpan.FromSeconds(6));
        host.WaitForAssertion(() => Assert.Empty(host.FindAll(".toast")));
    }

    [Fact]
    public void AcceptedWithOperation_LinksToIt()
    {
        var host = Render<NoticeHost>();

        Notices.Show(CommandResult.Accepted(operationId: "op-a"), "Save", "Saved");

        host.WaitForAssertion(() => Assert.Equal("/operations/op-a", host.Find(".toast a").GetAttribute("href")));
    }

    [Theory]
    [InlineData(CommandOutcome.Refused)]
    [InlineData(CommandOutcome.Forbidden)]
    [InlineData(CommandOutcome.Conflict)]
    [InlineData(CommandOutcome.NotFound)]
    public void NotAccepted_IsAPanelThatStays(CommandOutcome outcome)
    {
        var host = Render<NoticeHost>();

        Assert.False(Notices.Show(CommandResult.Not(outcome, "2 tasks use it."), "Delete connection lab", "Deleted"));
        Clock.Advance(TimeSpan.FromHours(1));

        host.WaitForAssertion(() => Assert.Contains("2 tasks use it.", host.Find("[role=alert]").TextContent));
        Assert.Empty(host.FindAll(".toast"));
    }

    [Fact]
    public void SameFailureTwice_IsOnePanel()
    {
        Notices.Fail("Save", "First.");
        Notices.Fail("Save", "Second.");

        Assert.Equal("Second.", Assert.Single(Notices.Panels).Text);
    }

    [Fact]
    public void Retry_Pressed_ClosesThePanelAndTries()
    {
        var tried = 0;
        var host = Render<NoticeHost>();
        Notices.Fail("Save", "The server did not answer.", () => { tried++; return Task.CompletedTask; });
        host.WaitForState(() => host.FindAll(".panel").Count == 1);

        host.FindAll("button").Single(button => button.TextContent == "Try again").Click();

        Assert.Equal(1, tried);
        Assert.Empty(host.FindAll(".panel"));
    }
}
