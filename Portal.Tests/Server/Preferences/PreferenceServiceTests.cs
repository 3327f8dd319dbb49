using Portal.Client.Contracts;
using Portal.Server.Preferences;
using Portal.Server.Security;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.Preferences;

public sealed class PreferenceServiceTests : IDisposable
{
    private readonly ServerDatabase _database = new();
    private readonly FakeActor _actor = new(ServerDatabase.Vera);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Save_Viewer_IsKeptForThatPersonAlone()
    {
        var chosen = new UserPreferences
        {
            Zone = "Asia/Shanghai",
            AbsoluteTimes = true,
            Keys = false,
            Columns = new Dictionary<string, IReadOnlyList<string>> { ["tasks"] = ["name", "out"] },
        };
        Assert.True((await Service().SaveAsync(new UserPreferences { Zone = "UTC" }, Token)).IsAccepted);
        Assert.True((await Service().SaveAsync(chosen, Token)).IsAccepted);

        var read = await Service().ReadAsync(Token);
        Assert.Equal(("Asia/Shanghai", true, false), (read.Zone, read.AbsoluteTimes, read.Keys));
        Assert.Equal(["name", "out"], read.Columns["tasks"]);

        _actor.Who = ServerDatabase.Anna;
        Assert.Equal(UserPreferences.BrowserZone, (await Service().ReadAsync(Token)).Zone);
    }

    [Fact]
    public async Task Save_UnknownZone_IsWrongInput()
    {
        var result = await Service().SaveAsync(new UserPreferences { Zone = "Mars/Olympus" }, Token);

        Assert.Equal(CommandOutcome.Invalid, result.Outcome);
        Assert.Equal("Zone", Assert.Single(result.Errors).Field);
    }

    [Fact]
    public async Task Save_WrongViews_AreAllNamed()
    {
        var views = new Dictionary<string, IReadOnlyList<SavedView>>
        {
            ["tasks"] = [new("late", "?q=a"), new("LATE ", "?q=b"), new("", ""), new("far", "https://elsewhere")],
        };
        var result = await Service().SaveAsync(new UserPreferences { Views = views }, Token);

        Assert.Equal(CommandOutcome.Invalid, result.Outcome);
        Assert.Equal(["Views.tasks[1]", "Views.tasks[2]", "Views.tasks[3]"], result.Errors.Select(error => error.Field));
    }

    [Fact]
    public async Task Save_NobodyOrSomebodyRemoved_IsForbidden()
    {
        _actor.Who = new Actor("gone", "no-such-user");
        Assert.Equal(CommandOutcome.Forbidden, (await Service().SaveAsync(new UserPreferences(), Token)).Outcome);

        _actor.Who = null;
        Assert.Equal(CommandOutcome.Forbidden, (await Service().SaveAsync(new UserPreferences(), Token)).Outcome);
        Assert.True((await Service().ReadAsync(Token)).Keys);
    }

    private PreferenceService Service() => new(_database, _actor);
}
