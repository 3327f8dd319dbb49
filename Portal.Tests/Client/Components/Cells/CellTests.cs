using Bunit;
using Portal.Client.Components.Cells;
using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Cells;

public class CellTests : PageContext
{
    [Fact]
    public void StatusChip_WithCause_HasShapeWordToneAndTheCauseWithinReach()
    {
        var chip = Render<StatusChip>(parameters => parameters.Add(one => one.Look, StatusLook.Of(ConnectorTaskStatus.Failed))
            .Add(one => one.Cause, "Kafka refused the topic."));

        Assert.Equal("Failed", chip.Find(".chip.bad").TextContent);
        Assert.NotNull(chip.Find(".chip svg"));
        Assert.Equal("0", chip.Find(".cause").GetAttribute("tabindex"));
        Assert.Equal("Kafka refused the topic.", chip.Find(".cause").GetAttribute("title"));
    }

    [Fact]
    public void IdCell_CopyButton_SaysWhatItCopies()
    {
        var cell = Render<IdCell>(parameters => parameters.Add(one => one.Id, "task-8k2mq7ab"));

        Assert.Equal("task-8k2mq7ab", cell.Find("button").GetAttribute("data-copy"));
        Assert.Equal("Copy task-8k2mq7ab", cell.Find("button").GetAttribute("aria-label"));
    }

    [Fact]
    public void TimeCell_Known_IsRelativeAndCarriesTheInstant()
    {
        var cell = Render<TimeCell>(parameters => parameters.Add(one => one.At, Now.AddMinutes(-3)));

        Assert.Equal("3 min ago", cell.Find("time").TextContent);
        Assert.Equal("2026-11-22T13:57:00.0000000Z", cell.Find("time").GetAttribute("datetime"));
        Assert.True(cell.Find("time").HasAttribute("data-relative"));
    }

    [Fact]
    public void TimeCell_Unknown_IsADashWithItsReason()
    {
        var cell = Render<TimeCell>(parameters => parameters.Add(one => one.At, null).Add(one => one.Never, "Not checked yet"));

        Assert.Equal("—", cell.Find("span").TextContent);
        Assert.Equal("Not checked yet", cell.Find("span").GetAttribute("title"));
    }

    [Fact]
    public void Cells_InASentence_BringNoBlankOfTheirOwn()
    {
        Assert.EndsWith("</time>", Render<TimeCell>(parameters => parameters.Add(one => one.At, Now)).Markup, StringComparison.Ordinal);
        Assert.EndsWith("</span>", Render<TimeCell>(parameters => parameters.Add(one => one.At, null)).Markup, StringComparison.Ordinal);
        Assert.EndsWith("</span>", Render<IdCell>(parameters => parameters.Add(one => one.Id, "task-a")).Markup, StringComparison.Ordinal);
        Assert.EndsWith("</svg>", Icon.Of(Glyph.Copy).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Sparkline_Points_AreLeftToTheBrowserToDraw()
    {
        var line = Render<Sparkline>(parameters => parameters.Add(one => one.Points, [0, 10, 5.123]).Add(one => one.Label, "Rate")
            .Add(one => one.Cell, "task-a/in"));

        Assert.Equal("0 10 5.12", line.Find("svg").GetAttribute("data-points"));
        Assert.False(line.Find("path.l").HasAttribute("d"));
    }

    [Fact]
    public void RateCell_NumberAndPicture_ShareTheKeyOfThePatch()
    {
        var cell = Render<RateCell>(parameters => parameters.Add(one => one.Value, 12_400d).Add(one => one.Cell, "task-a/in")
            .Add(one => one.Points, [1, 2]));

        Assert.Equal(2, cell.FindAll("[data-cell='task-a/in']").Count);
        Assert.Contains("12.4\u202fk", cell.Find("span.num").TextContent);
    }
}
