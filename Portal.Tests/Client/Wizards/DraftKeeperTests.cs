using Microsoft.Extensions.Time.Testing;
using Portal.Client.Contracts;
using Portal.Client.Wizards;
using Portal.Tests.Fakes;

namespace Portal.Tests.Client.Wizards;

public class DraftKeeperTests
{
    private static readonly ConnectorTaskDraft Draft = new() { Name = "a" };

    private readonly FakeDraftService _drafts = new();
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DraftKeeper<ConnectorTaskDraft> Keeper => field ??= new DraftKeeper<ConnectorTaskDraft>(_drafts, _clock);

    [Fact]
    public async Task Save_SameDraftAndStep_IsSavedOnce()
    {
        await Keeper.SaveAsync(Draft, "basics", Token);
        var saved = Keeper.SavedAt;
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Keeper.SaveAsync(Draft, "basics", Token);
        Assert.Equal(saved, Keeper.SavedAt);

        await Keeper.SaveAsync(Draft, "source", Token);

        Assert.Equal(_clock.GetUtcNow(), Keeper.SavedAt);
        Assert.Equal("source", Assert.Single(_drafts.Kept).Value.Step);
    }

    [Fact]
    public async Task Save_Refused_SaysWhyAndTriesAgainWithTheNextChange()
    {
        _drafts.Trouble = "The disk is full.";
        await Keeper.SaveAsync(Draft, "basics", Token);
        Assert.Equal(("The disk is full.", null), (Keeper.Trouble, Keeper.SavedAt));

        _drafts.Trouble = null;
        await Keeper.SaveAsync(Draft, "basics", Token);

        Assert.Null(Keeper.Trouble);
        Assert.NotNull(Keeper.SavedAt);
    }

    [Fact]
    public async Task Open_Known_GoesOnUnderItsId()
    {
        var id = _drafts.Keep(Draft, "target");

        var found = await Keeper.OpenAsync(id, Token);

        Assert.Equal((id, "target", Draft), (Keeper.Id, found!.Summary.Step, found.Content));
        Assert.Null(await Keeper.OpenAsync("draft-unknown1", Token));
        Assert.Equal(id, Keeper.Id);
    }
}
