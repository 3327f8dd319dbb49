using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Client.Components.Feedback;
using Portal.Client.Contracts;
using Portal.Client.Wizards;

namespace Portal.Tests.Client.Wizards;

public class DraftListTests : PageContext
{
    [Fact]
    public void List_NoDrafts_IsNotThere() => Assert.Empty(Render<DraftList>(parameters => parameters.Add(list => list.Kind, DraftKind.Connection)).Markup.Trim());

    [Fact]
    public void List_Drafts_LeadToTheirStepAndCanBeDeleted()
    {
        var id = Drafts.Keep(new ConnectorTaskDraft { Name = "plates" }, "mapping");
        Drafts.Keep(new ConnectionDraft { Name = "elsewhere" });
        var list = Render<DraftList>(parameters => parameters.Add(it => it.Kind, DraftKind.ConnectorTask));

        var link = Assert.Single(list.FindAll("a"));
        Assert.Equal(($"/tasks/new/{id}/mapping", "Continue your draft “plates”"), (link.GetAttribute("href"), link.TextContent));
        list.Find("button[aria-label='Delete draft “plates”']").Click();

        Assert.Empty(list.FindAll("a"));
        Assert.False(Drafts.Kept.ContainsKey(id));
    }

    [Fact]
    public void Delete_Refused_SaysWhyAndKeepsTheDraft()
    {
        Drafts.Keep(new ConnectorTaskDraft { Name = "plates" }, "mapping");
        Drafts.Trouble = "The database is locked.";
        var list = Render<DraftList>(parameters => parameters.Add(it => it.Kind, DraftKind.ConnectorTask));
        list.Find("button[aria-label='Delete draft “plates”']").Click();

        Assert.Equal("The database is locked.", Assert.Single(Services.GetRequiredService<Notices>().Panels).Text);
        Assert.Single(list.FindAll("a"));
    }

    [Fact]
    public void List_MoreThanThree_ShowsTheRestOnDemand()
    {
        for (var number = 0; number < 5; number++)
        {
            Drafts.Keep(new ConnectorTaskDraft { Name = $"d{number}" });
        }

        var list = Render<DraftList>(parameters => parameters.Add(it => it.Kind, DraftKind.ConnectorTask));
        Assert.Equal(3, list.FindAll("a").Count);
        list.FindAll("button").First(button => button.TextContent == "2 more").Click();

        Assert.Equal(5, list.FindAll("a").Count);
    }
}
