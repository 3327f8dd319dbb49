using Microsoft.Extensions.DependencyInjection;
using Portal.Client.Live;

namespace Portal.Tests.Client.Live;

public class CellPatchTests : PageContext
{
    private CellPatch Patch => field ??= Services.GetRequiredService<CellPatch>();

    [Fact]
    public async Task Apply_ManyCells_IsOneCall()
    {
        await Patch.ApplyAsync([new("a/in", "1"), new("a/out", "2"), new("b/in", "3")]);

        Assert.Single(JSInterop.Invocations, call => call.Identifier == "portal.patch");
        Assert.Equal(["a/in=1", "a/out=2", "b/in=3"], Patched);
    }

    [Fact]
    public async Task Apply_UnchangedTexts_AreNotSentAgain()
    {
        await Patch.ApplyAsync([new("a/in", "1"), new("b/in", "3")]);
        await Patch.ApplyAsync([new("a/in", "1"), new("b/in", "4")]);
        await Patch.ApplyAsync([new("a/in", "1"), new("b/in", "4")]);

        Assert.Equal(["a/in=1", "b/in=3", "b/in=4"], Patched);
    }

    [Fact]
    public async Task Apply_EqualPoint_IsSentAsANewMeasurement()
    {
        await Patch.ApplyAsync([new("a/in", "1", 1)]);
        await Patch.ApplyAsync([new("a/in", "1", 1)]);

        Assert.Equal(2, Patched.Count());
    }

    [Fact]
    public async Task Forget_AfterARendering_SendsEverythingAgain()
    {
        await Patch.ApplyAsync([new("a/in", "1")]);
        Patch.Forget();
        await Patch.ApplyAsync([new("a/in", "1")]);

        Assert.Equal(2, Patched.Count());
    }
}
