using Bunit;
using Portal.Client.Components.Feedback;
using Portal.Client.Contracts;
using Portal.Client.Pages;

namespace Portal.Tests.Client.Pages;

public class PreferencesPageTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Choice_IsStoredAndToldToTheBrowserAtOnce()
    {
        var page = Render<PreferencesPage>();

        page.Find("#zone").Change("Asia/Shanghai");
        page.FindAll("input[type=radio]")[1].Change(true);
        page.Find("#compact").Change(true);
        page.Find("#keys").Change(false);

        page.WaitForAssertion(() => Assert.Equal(new UserPreferences { Zone = "Asia/Shanghai", AbsoluteTimes = true, CompactRows = true, Keys = false } with { Columns = Preferences.Stored.Columns, Views = Preferences.Stored.Views }, Preferences.Stored), Patience);
        Assert.Equal(["Asia/Shanghai", true, false, true], JSInterop.Invocations.Last(call => call.Identifier == "portal.prefer").Arguments);
    }

    [Fact]
    public void Refused_StaysAsAPanelAndTheOldChoiceIsShown()
    {
        Preferences.Answer = CommandResult.Not(CommandOutcome.Conflict, "Another window stored its choice at the same moment.");
        var notices = Render<NoticeHost>();
        var page = Render<PreferencesPage>();

        page.Find("#keys").Change(false);

        notices.WaitForAssertion(() => Assert.Contains("Another window", notices.Find("[role=alert]").TextContent), Patience);
        Assert.True(page.Find("#keys").HasAttribute("checked"));
    }
}
