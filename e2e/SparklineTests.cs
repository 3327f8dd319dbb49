namespace Portal.EndToEnd;

/// <summary>The server sends the points of a sparkline, the browser draws it.</summary>
[Collection(LivePortal.Name)]
public class SparklineTests(LivePortal portal)
{
    private const string Add = """
        points => {
          const place = document.createElement("div");
          place.innerHTML = `<svg class="spark" viewBox="0 0 72 22" data-points="${points}"><path class="a" /><path class="l" /></svg>`;
          document.body.append(place);
          return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
            const lines = [...place.querySelectorAll("path")].map(path => path.getAttribute("d"));
            place.remove();
            done(lines);
          })));
        }
        """;

    [Theory]
    [InlineData("0 10 5", "M0.0 20.5 L36.0 1.5 L72.0 11.0 L72 22 L0 22 Z", "M0.0 20.5 L36.0 1.5 L72.0 11.0")]
    [InlineData("5", "", "")]
    [InlineData("", "", "")]
    public async Task Points_AddedToThePage_AreDrawnBeforeTheNextFrame(string points, string area, string line)
    {
        var page = await portal.OpenAsync("preferences");

        var drawn = await page.EvaluateAsync<string[]>(Add, points);

        await page.Context.DisposeAsync();
        Assert.Equal([area, line], drawn);
    }

    [Fact]
    public async Task List_OfTasksAtWork_ShowsLines()
    {
        var page = await portal.OpenAsync("tasks");

        await page.Locator("tbody svg.spark path.l[d^='M']").First.WaitForAsync();

        await page.Context.DisposeAsync();
    }
}
