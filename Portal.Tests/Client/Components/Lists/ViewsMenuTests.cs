using Bunit;
using MudBlazor;
using Portal.Client.Components.Feedback;
using Portal.Client.Components.Lists;
using Portal.Client.Components.Lists.Columns;
using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.List;

namespace Portal.Tests.Client.Components.Lists;

public class ViewsMenuTests : PageContext
{
    private static readonly ShownColumns Own = ShownColumns.Of(ConnectorTaskColumns.All, [], null);
    private static readonly ListQuery Failed = new() { Status = ["Failed"], Sort = "-updated", Page = 3 };

    [Fact]
    public async Task Save_AState_IsALinkToItWithoutItsPage()
    {
        var menu = Render<ViewsMenu>(parameters => parameters.Add(one => one.List, "tasks").Add(one => one.Query, Failed).Add(one => one.Columns, Own));

        await SaveAsync(menu, " Night shift ");

        Assert.Equal([new SavedView("Night shift", "?status=failed&sort=-updated")], Preferences.Stored.Views["tasks"]);
        var link = menu.Find("a[role=menuitem]");
        Assert.Equal(("/tasks?status=failed&sort=-updated", "true"), (link.GetAttribute("href"), link.GetAttribute("aria-current")));
    }

    [Fact]
    public async Task Save_WithColumnsOfAPersonsChoice_KeepsThemThoughTheAddressHasNone()
    {
        var chosen = ShownColumns.Of(ConnectorTaskColumns.All, [], ["target", "status"]);
        var menu = Render<ViewsMenu>(parameters => parameters.Add(one => one.List, "tasks").Add(one => one.Query, new ListQuery()).Add(one => one.Columns, chosen));

        await SaveAsync(menu, "mine");

        Assert.Equal([new SavedView("mine", "?cols=status,target")], Preferences.Stored.Views["tasks"]);
    }

    [Fact]
    public async Task Save_StoredPreferencesThatCannotBeRead_AreNotReplacedByDefaults()
    {
        var notices = Render<NoticeHost>();
        var menu = Render<ViewsMenu>(parameters => parameters.Add(one => one.List, "tasks").Add(one => one.Query, Failed).Add(one => one.Columns, Own));
        var stored = Preferences.Stored = new() { Zone = "Asia/Shanghai" };
        Preferences.Failure = new IOException("The disk does not answer.");

        await SaveAsync(menu, "mine");

        Assert.Same(stored, Preferences.Stored);
        Assert.Contains("The disk does not answer.", notices.Find("[role=alert]").TextContent);
    }

    [Fact]
    public async Task Save_UnderATakenName_TakesItsPlace()
    {
        Preferences.Stored = new() { Views = Views(new SavedView("Night shift", "?q=old"), new SavedView("other", "")) };
        var menu = Render<ViewsMenu>(parameters => parameters.Add(one => one.List, "tasks").Add(one => one.Query, Failed).Add(one => one.Columns, Own));

        await SaveAsync(menu, "NIGHT SHIFT");

        Assert.Equal([new SavedView("NIGHT SHIFT", "?status=failed&sort=-updated"), new SavedView("other", "")], Preferences.Stored.Views["tasks"]);
    }

    [Fact]
    public async Task Save_WhileAnotherTabSavedToo_KeepsBoth()
    {
        var menu = Render<ViewsMenu>(parameters => parameters.Add(one => one.List, "tasks").Add(one => one.Query, Failed).Add(one => one.Columns, Own));
        Preferences.Stored = new() { Views = Views(new SavedView("of another tab", "?q=x")) };

        await SaveAsync(menu, "mine");

        Assert.Equal(["mine", "of another tab"], Preferences.Stored.Views["tasks"].Select(view => view.Name));
    }

    [Fact]
    public void Remove_TheShownOne_LeavesTheOthers()
    {
        Preferences.Stored = new() { Views = Views(new SavedView("failed", "?status=failed&sort=-updated"), new SavedView("other", "")) };
        var menu = Render<ViewsMenu>(parameters => parameters.Add(one => one.List, "tasks").Add(one => one.Query, Failed).Add(one => one.Columns, Own));

        menu.FindAll("button[role=menuitem]").Single(item => item.TextContent == "Remove “failed”").Click();

        Assert.Equal(["other"], Preferences.Stored.Views["tasks"].Select(view => view.Name));
        Assert.Contains(menu.FindAll("button[role=menuitem]"), item => item.TextContent == "Save this view…");
    }

    private async Task SaveAsync(IRenderedComponent<ViewsMenu> menu, string name)
    {
        var dialogs = Render<MudDialogProvider>();
        var click = menu.FindAll("button[role=menuitem]").Single(item => item.TextContent == "Save this view…").ClickAsync();
        dialogs.WaitForElement("#view-name").Input(name);
        dialogs.Find("button.primary").Click();
        await click;
    }

    private static Dictionary<string, IReadOnlyList<SavedView>> Views(params SavedView[] views) => new() { ["tasks"] = views };
}
