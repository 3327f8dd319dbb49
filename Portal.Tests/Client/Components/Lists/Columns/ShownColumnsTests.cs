using Bunit;
using Portal.Client.Components.Lists.Columns;

namespace Portal.Tests.Client.Components.Lists.Columns;

public class ShownColumnsTests : PageContext
{
    private static readonly IReadOnlyList<ListColumn> All =
        [new("status", "Status"), new("in", "In", "right", "in"), new("created", "Created", Room: "only-wider"), new("qos", "QoS", IsShown: false)];

    [Theory]
    [InlineData("", "", "status,in,created", false)]
    [InlineData("", "qos,in", "in,qos", true)]
    [InlineData("created", "qos", "created", true)]
    [InlineData("", "unknown", "status,in,created", false)]
    public void Of_AddressThenMemoryThenOwn_DecidesInTheListsOrder(string address, string remembered, string shown, bool asked)
    {
        var columns = ShownColumns.Of(All, Split(address), Split(remembered));

        Assert.Equal(shown, string.Join(',', columns.Shown.Select(column => column.Key)));
        Assert.Equal(asked, columns.Asked);
    }

    [Fact]
    public void ClassOf_AskedFor_IsShownOnEveryScreen()
    {
        Assert.Equal("only-wider", ShownColumns.Of(All, [], null).ClassOf("created"));
        Assert.Null(ShownColumns.Of(All, ["created"], null).ClassOf("created"));
    }

    [Fact]
    public void Chooser_Click_ShowsOrHidesAndNeverHidesTheLast()
    {
        IReadOnlyList<string>? chosen = null;
        var chooser = Render<ColumnChooser>(parameters => parameters
            .Add(one => one.All, All).Add(one => one.Columns, ShownColumns.Of(All, ["in"], null)).Add(one => one.Chosen, keys => chosen = keys));
        Assert.Equal(["false", "true", "false", "false"], chooser.FindAll("[role=menuitemcheckbox]").Select(item => item.GetAttribute("aria-checked")));

        chooser.FindAll("[role=menuitemcheckbox]")[1].Click();
        Assert.Null(chosen);
        Assert.Equal("true", chooser.FindAll("[role=menuitemcheckbox]")[1].GetAttribute("aria-disabled"));

        chooser.FindAll("[role=menuitemcheckbox]")[3].Click();
        Assert.Equal(["in", "qos"], chosen!);

        chooser.FindAll("[role=menuitem]").Single(item => item.TextContent == "As at first").Click();
        Assert.Empty(chosen!);
    }

    private static string[] Split(string keys) => keys.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
