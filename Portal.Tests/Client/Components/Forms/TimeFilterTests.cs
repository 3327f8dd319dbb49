using Bunit;
using Portal.Client.Components.Forms;
using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Forms;

public class TimeFilterTests : PageContext
{
    private static readonly ViewerZone Shanghai = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
    private readonly List<TimeWindow> _given = [];

    [Fact]
    public void Between_ShowsAndNamesTheZoneOfTheReader()
    {
        var filter = Filter(new TimeWindow(null, Now));

        Assert.Equal("2026-11-22T22:00:00", filter.Find("input[aria-label='Given up, from, Asia/Shanghai']").GetAttribute("value"));
        Assert.Null(filter.Find("input[aria-label='Given up, to, Asia/Shanghai']").GetAttribute("value"));
        Assert.Equal("Asia/Shanghai", filter.Find(".times > span").TextContent);
    }

    [Fact]
    public void Between_FilledIn_GivesTheMomentOfThatZone()
    {
        var filter = Filter(new TimeWindow(null, Now));

        filter.Find("input[aria-label^='Given up, to']").Change("2026-11-22T23:30:00");

        Assert.Equal([new TimeWindow(null, Now, Now.AddMinutes(90))], _given);
    }

    [Fact]
    public void Between_Emptied_GivesNoEnd()
    {
        var filter = Filter(new TimeWindow(null, Now));

        filter.Find("input[aria-label^='Given up, from']").Change("");

        Assert.Equal([TimeWindow.Any], _given);
    }

    [Fact]
    public void Between_EndBeforeBeginning_SaysSoAndGivesNothing()
    {
        var filter = Filter(new TimeWindow(null, Now));

        filter.Find("input[aria-label^='Given up, to']").Change("2026-11-22T21:59:59");

        Assert.Contains("before the beginning", filter.Find("[role=alert]").TextContent);
        Assert.Empty(_given);
    }

    private IRenderedComponent<TimeFilter> Filter(TimeWindow window) => Render<TimeFilter>(parameters => parameters
        .Add(filter => filter.Label, "Given up")
        .Add(filter => filter.Zone, Shanghai)
        .Add(filter => filter.Window, window)
        .Add(filter => filter.WindowChanged, _given.Add));
}
