using Bunit;
using Microsoft.AspNetCore.Components;
using Portal.Client.Contracts;
using Portal.Client.Layout;

namespace Portal.Tests.Client.Layout;

public class StorageBarTests : PageContext
{
    private const string Words = "The disk of the data folder is full.";

    [Fact]
    public void Trouble_BeginsAndEnds_IsShownAsLongAsItLasts()
    {
        var bar = Render<StorageBar>();
        Assert.Empty(bar.Markup.Trim());

        Feed.Send(new StorageTrouble(Words, Now));
        bar.WaitForAssertion(() => Assert.Contains(Words, bar.Find("[role=alert]").TextContent), TimeSpan.FromSeconds(30));

        Feed.Send(new StorageTrouble(Words, Now, IsOver: true));
        bar.WaitForAssertion(() => Assert.Empty(bar.Markup.Trim()), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Page_ThatCouldNotStore_SaysWhyInsteadOfBlamingItself()
    {
        var page = Render<PortalErrorBoundary>(boundary => boundary.AddChildContent<Broken>());

        Assert.Contains(Words, page.Find("[role=alert]").TextContent);
        Assert.DoesNotContain("reference", page.Markup, StringComparison.Ordinal);
    }

    private sealed class Broken : ComponentBase
    {
        protected override void OnInitialized() => throw new StorageException(Words, new InvalidOperationException());
    }
}
