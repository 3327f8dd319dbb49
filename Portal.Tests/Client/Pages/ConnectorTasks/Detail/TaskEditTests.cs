using Bunit;
using MudBlazor;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Detail;

public class TaskEditTests : TaskPageContext
{
    [Fact]
    public void Settings_Tab_ReadsLikeTheReviewOfTheWizard()
    {
        var page = Open("settings");

        Assert.Contains("city/north/plates", page.Find("section[aria-label=Source]").TextContent);
        Assert.Contains("plates.dlq", page.Find("section[aria-label=Target]").TextContent);
        Assert.Equal($"/tasks/{Id}/edit", page.Find("a.btn.primary").GetAttribute("href"));
    }

    [Fact]
    public void Edit_QosAndClients_SaysThatTheTaskRestartsAndSaves()
    {
        var dialogs = Render<MudDialogProvider>();
        var page = Open("edit");

        page.Find("#field-Clients").Input("4");
        Assert.Contains("The task goes on. Clients that join", page.Find(".savebar").TextContent);
        page.Find("#field-Qos").Change("2");
        Assert.Contains("starts again with the new settings", page.Find(".savebar").TextContent);
        page.Find("form.edit").Submit();

        dialogs.WaitForAssertion(() => Assert.Contains("Clients: 4", dialogs.Find(".dialog").TextContent), Patience);
        dialogs.FindAll("button").First(button => button.TextContent == "Save and restart plates-north").Click();
        page.WaitForAssertion(() => Assert.Equal([$"update {Id} 3"], Tasks.Commands), Patience);
        Assert.Equal(4, Tasks.Saved!.Clients);
        page.WaitForAssertion(() => Assert.EndsWith($"/tasks/{Id}/settings", Navigation.Uri), Patience);
    }

    [Fact]
    public void Edit_Filter_SaysThatItSwapsWithoutARestart()
    {
        var page = Open("edit");

        page.Find("#field-Filter").Input("qos = 1");

        Assert.Contains("without a restart", page.Find(".savebar").TextContent);
    }

    [Fact]
    public void Edit_SomebodyWasFaster_SaysWhoAndMergesOrDropsMine()
    {
        Revisions.OfTask.Add(new(4, Now.AddMinutes(-2), "boris", new ConnectorTaskDraft()));
        var dialogs = Render<MudDialogProvider>();
        var page = Open("edit");
        page.Find("#field-Clients").Input("4");
        Tasks.Answer = CommandResult.Not(CommandOutcome.Conflict, "Somebody saved revision 4.");
        Tasks.Tasks[0] = Tasks.Tasks[0] with { Revision = 4, Settings = Tasks.Tasks[0].Settings with { Description = "theirs" } };

        page.Find("form.edit").Submit();
        dialogs.WaitForAssertion(() => Assert.NotEmpty(dialogs.FindAll("button.primary")), Patience);
        dialogs.Find("button.primary").Click();
        page.WaitForAssertion(() => Assert.Contains("boris saved revision 4", page.Find("[role=alert]").TextContent), Patience);
        page.FindAll("button").First(button => button.TextContent == "See their changes").Click();
        Assert.Contains("theirs", page.Find(".diff").TextContent);

        page.FindAll("button").First(button => button.TextContent == "Merge mine on top").Click();
        Assert.Equal("4", page.Find("#field-Clients").GetAttribute("value"));
        Assert.Contains("theirs", page.Find("#field-Description").GetAttribute("value"));
    }

    [Fact]
    public void Edit_TypedAndLeftByACut_StandsInTheFormAgain()
    {
        var page = Open("edit");
        page.Find("#field-Clients").Input("4");
        Clock.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Single(Drafts.Kept), Patience);

        var again = Open("edit");
        Assert.Equal("4", again.Find("#field-Clients").GetAttribute("value"));
        Assert.Contains("stands in the form again", again.Find(".note.info").TextContent);
        Assert.Empty(Tasks.Commands);

        again.FindAll("button").Single(button => button.TextContent == "Discard").Click();
        again.WaitForAssertion(() => Assert.Empty(Drafts.Kept), Patience);
        Assert.NotEqual("4", again.Find("#field-Clients").GetAttribute("value"));
    }

    [Fact]
    public async Task Edit_TypedJustBeforeTheCut_IsKeptByTheEndOfThePage()
    {
        var page = Open("edit");
        page.Find("#field-Clients").Input("4");

        await DisposeComponentsAsync();

        Assert.Equal(4, Assert.IsType<EditDraft<ConnectorTaskDraft>>(Assert.Single(Drafts.Kept).Value.Content).After.Clients);
    }

    [Fact]
    public void Edit_Target_CanBeCheckedBeforeItIsSaved()
    {
        var page = Open("edit");
        page.FindAll("button").Single(button => button.TextContent == "Check").Click();
        Tasks.Report(SampleConnections.Report(ValidationState.Failed));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".stages")), Patience);

        page.Find("#field-Clients").Input("4");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".stages")), Patience);
    }

    [Fact]
    public void Edit_KeptWhileAnotherSaved_OffersTheMergeAtOnce()
    {
        var now = Tasks.Tasks[0];
        var before = now.Settings with { Description = "was" };
        Drafts.Kept[$"draft-of-{Id}"] = (DraftKind.ConnectorTaskEdit, new EditDraft<ConnectorTaskDraft>(now.Revision - 1, before, before with { Clients = 7 }), "edit");

        var page = Open("edit");
        Assert.Contains($"saved revision {now.Revision}", page.Find("[role=alert]").TextContent);
        page.FindAll("button").First(button => button.TextContent == "Merge mine on top").Click();

        Assert.Equal("7", page.Find("#field-Clients").GetAttribute("value"));
        Assert.Equal(now.Settings.Description, page.Find("#field-Description").GetAttribute("value") ?? page.Find("#field-Description").TextContent);
    }

    [Fact]
    public void Edit_OfAnOldRevision_PutsItIntoTheFormAndSavesNothing()
    {
        Revisions.OfTask.Add(new(2, Now.AddDays(-1), "anna", Tasks.Tasks[0].Settings with { Clients = 7 }));
        var page = Open("edit", "?restore=2");

        Assert.Equal("7", page.Find("#field-Clients").GetAttribute("value"));
        Assert.Contains("Revision 2, saved", page.Find(".note.info").TextContent);
        Assert.Empty(Tasks.Commands);
    }

    [Fact]
    public void Settings_Revisions_SayWhatChangedAndLeadToRestoring()
    {
        var now = Tasks.Tasks[0].Settings;
        Revisions.OfTask.Add(new(3, Now, "boris", now));
        Revisions.OfTask.Add(new(2, Now.AddDays(-1), "anna", now with { Clients = 7 }));
        var list = Open("settings").Find("section[aria-label=Revisions]");

        Assert.Contains("by anna", list.TextContent);
        Assert.Contains("Clients: 7", list.QuerySelector(".diff")!.TextContent);
        Assert.Equal($"/tasks/{Id}/edit?restore=2", Assert.Single(list.QuerySelectorAll("a")).GetAttribute("href"));
    }
}
