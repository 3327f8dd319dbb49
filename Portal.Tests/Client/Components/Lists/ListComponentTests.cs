using Portal.Client.Components.Lists;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Lists;

public class ListComponentTests : PageContext
{
    [Fact]
    public async Task Reload_AfterThePageHasGone_AsksForNothing()
    {
        var list = Render<Names>().Instance;
        Assert.Equal(1, list.Asked);

        await DisposeComponentsAsync();
        await list.AgainAsync();

        Assert.Equal(1, list.Asked);
    }

    private sealed class Names : ListComponent<string>
    {
        public int Asked { get; private set; }

        protected override string Path => "/names";

        protected override ListUrlRules Rules { get; } = new([], []);

        public Task AgainAsync() => ReloadAsync();

        protected override Task<ListPage<string>> FetchAsync(ListQuery query, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(new ListPage<string>(["a"], 1, new Dictionary<string, int>()));
        }
    }
}
