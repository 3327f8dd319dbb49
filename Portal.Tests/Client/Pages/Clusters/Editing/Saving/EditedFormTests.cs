using Portal.Client.Contracts;
using Portal.Client.Pages.Clusters.Editing;
using Portal.Client.Pages.Clusters.Editing.Saving;

namespace Portal.Tests.Client.Pages.Clusters.Editing.Saving;

public class EditedFormTests
{
    private static readonly MqttClusterDraft Stored = ClusterDrafts.Of(SampleConnections.Cluster);

    [Fact]
    public void Take_WhatIsStored_LeavesNothingToKeep()
    {
        var form = Form();

        form.Take(Stored with { Name = "mine" }, "Name");
        Assert.Equal((7, Stored, "mine"), (form.Unsaved!.Revision, form.Unsaved.Before, form.Unsaved.After.Name));
        form.Take(Stored, "Name");

        Assert.Null(form.Unsaved);
        Assert.Empty(form.Lines);
    }

    [Fact]
    public void Take_AField_DropsItsErrorsAndThoseOfItsItemsOnly()
    {
        var form = Form();
        form.Errors = [new("Name", "a"), new("Endpoints[0].Host", "b"), new("Endpoints", "c"), new("", "d")];

        form.Take(Stored, "Endpoints");

        Assert.Equal(["Name", ""], form.Errors.Select(error => error.Field));
    }

    [Theory]
    [InlineData("Name", true)]
    [InlineData("Description", true)]
    [InlineData("Region", true)]
    [InlineData("Endpoints", false)]
    [InlineData("CaPem", false)]
    public void Test_EndedBeforeAnEdit_CountsWhileOnlyWordsChanged(string field, bool counts)
    {
        var form = Form();
        form.Tested(SampleConnections.Report(finished: false));
        Assert.Null(form.Test);
        form.Tested(SampleConnections.Report());

        form.Take(Stored, field);

        Assert.Equal(counts, form.Test is not null);
    }

    [Fact]
    public void Merged_WhatBothChanged_IsMineUnlessItYields()
    {
        var form = Form();
        form.Take(Stored with { Name = "mine", Description = "mine" }, "Name");
        var theirs = Stored with { Name = "theirs", ServerName = "theirs.example" };

        Assert.Equal(["name"], form.Clashes(theirs));
        Assert.Equal(("mine", "mine", "theirs.example"), Words(form.Merged(theirs, [])));
        Assert.Equal(("theirs", "mine", "theirs.example"), Words(form.Merged(theirs, ["name"])));

        static (string, string, string?) Words(MqttClusterDraft draft) => (draft.Name, draft.Description, draft.ServerName);
    }

    private static EditedForm<MqttClusterDraft> Form()
    {
        var form = new EditedForm<MqttClusterDraft>((before, after) => ClusterDiff.Lines(before, after, hasClientKey: false));
        form.Begin(Stored, 7);
        return form;
    }
}
