using System.Net;
using Microsoft.Data.Sqlite;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.Account;

/// <summary>The way in, against the real server over HTTP.</summary>
public sealed class AccountTests : IAsyncLifetime
{
    private readonly PortalProcess _portal = new(new Dictionary<string, string> { ["Sandbox:Enabled"] = "false" });
    private SignedInClient? _browser;

    private SignedInClient Browser => _browser ??= new SignedInClient(_portal.Address);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _portal.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _browser?.Dispose();
        await _portal.DisposeAsync();
    }

    [Fact]
    public async Task FirstRun_LeadsEveryPageToSetup_AndNeedsTheTokenOfTheLog()
    {
        foreach (var page in new[] { "/", "/connections", "/account/users" })
        {
            Assert.Equal("/account/setup", await RedirectAsync(Browser.Http.GetAsync(page, Token)));
        }

        Assert.EndsWith("/account/setup", await RedirectAsync(Browser.Http.GetAsync("/account/sign-in", Token)), StringComparison.Ordinal);

        var wrong = await Browser.SubmitAsync(
            "/account/setup", "setup", ("Form.Token", "guess"), ("Form.Name", "eve"), ("Form.Password", SignedInClient.Password), (
                "Form.Repeat", SignedInClient.Password));
        Assert.Contains("not the one in the log", await wrong.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        var weak = await Browser.SubmitAsync(
            "/account/setup", "setup", ("Form.Token", _portal.SetupToken()), ("Form.Name", "anna"), ("Form.Password", "short"), (
                "Form.Repeat", "short"));
        Assert.Contains("at least 10 characters", await weak.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        await Browser.SetUpAsync(_portal.SetupToken());

        using var late = new SignedInClient(_portal.Address);
        Assert.EndsWith(
            "/account/sign-in",
            await RedirectAsync(late.Http.GetAsync("/account/setup?token=" + _portal.SetupToken(), Token)),
            StringComparison.Ordinal);
        Assert.Contains(
            "/account/sign-in?returnUrl=%2Fconnections",
            await RedirectAsync(late.Http.GetAsync("/connections", Token)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_GetABareStatus_AndPeopleARedirect()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await Browser.Http.GetAsync("/api/anything", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Browser.Http.PostAsync("/hubs/live/negotiate", null, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await Browser.Http.PostAsync("/_blazor/negotiate", null, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Browser.Http.GetAsync("/_content/Portal.Client/portal.css", Token)).StatusCode);
    }

    [Fact]
    public async Task Answers_CarryThePolicyOfTheirOwnNonce()
    {
        var answer = await Browser.Http.GetAsync("/account/setup", Token);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self' 'nonce-", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.NotEqual(
            policy, (await Browser.Http.GetAsync("/account/setup", Token)).Headers.GetValues("Content-Security-Policy").Single());
    }

    [Theory]
    [InlineData("dark", "data-theme=\"dark\"")]
    [InlineData("light", "data-theme=\"light\"")]
    [InlineData("\"><script>", "<html lang=\"en\">")]
    public async Task Theme_OfTheCookie_IsInTheFirstPaint(string cookie, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/setup");
        request.Headers.Add("Cookie", $"theme={cookie}");

        Assert.Contains(
            expected, await (await Browser.Http.SendAsync(request, Token)).Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_ReturnsToThePage_AndOnlyIntoThisPortal()
    {
        await Browser.SetUpAsync(_portal.SetupToken());
        using var other = new SignedInClient(_portal.Address);

        var wrong = await other.SignInAsync(SignedInClient.Administrator, "not the password");
        Assert.Contains("wrong", await wrong.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        var nobody = await other.SignInAsync("a password in the\r\nwrong field", "not the password");
        Assert.Contains("wrong", await nobody.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        var away = await other.SignInAsync(
            SignedInClient.Administrator, SignedInClient.Password, "/account/sign-in?returnUrl=https%3A%2F%2Fevil.test%2F");
        Assert.Equal(new Uri(_portal.Address, "/"), new Uri(_portal.Address, away.Headers.Location!));
        var back = await other.SignInAsync(
            SignedInClient.Administrator, SignedInClient.Password, "/account/sign-in?returnUrl=%2Ftasks%3Fq%3Da");
        Assert.EndsWith("/tasks?q=a", back.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await other.Http.GetAsync("/", Token)).StatusCode);

        Assert.Equal(["sign in failed", "sign in failed", "sign in done", "sign in done"], await AuditAsync("sign in"));
        Assert.Equal(
            ["anna", "an unknown name", "anna", "anna"],
            await QueryAsync("SELECT ObjectName FROM AuditEntries WHERE Action = $0 AND Actor = ObjectName ORDER BY Id", "sign in"));
    }

    [Fact]
    public async Task SignIn_AfterFiveWrongPasswords_RefusesTheRightOne()
    {
        await Browser.SetUpAsync(_portal.SetupToken());
        using var other = new SignedInClient(_portal.Address);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await other.SignInAsync(SignedInClient.Administrator, "not the password");
        }

        var answer = await other.SignInAsync(SignedInClient.Administrator, SignedInClient.Password);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task SignedIn_GetsAPageForWhatIsNotThere_AndIsSignedOutOnlyByAForm()
    {
        await Browser.SetUpAsync(_portal.SetupToken());

        var unknown = await Browser.Http.GetAsync("/no/such/page", Token);
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (unknown.StatusCode, unknown.Content.Headers.ContentType?.MediaType));
        var unknownToScripts = await Browser.Http.GetAsync("/api/no/such/thing", Token);
        Assert.Equal(
            (HttpStatusCode.NotFound, "application/problem+json"),
            (unknownToScripts.StatusCode, unknownToScripts.Content.Headers.ContentType?.MediaType));

        var forged = await Browser.Http.PostAsync("/account/sign-out", new FormUrlEncodedContent([]), Token);

        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Browser.Http.GetAsync("/", Token)).StatusCode);

        var meant = await Browser.SubmitAsync("/account/users", "add", "/account/sign-out");
        Assert.Equal("/account/sign-in", meant.Headers.Location!.ToString());
        Assert.Contains("/account/sign-in", await RedirectAsync(Browser.Http.GetAsync("/", Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_AreAddedChangedAndRemovedByAdministratorsOnly()
    {
        await Browser.SetUpAsync(_portal.SetupToken());
        var added = await Browser.SubmitAsync(
            "/account/users", "add", ("Name", "vera"), ("Password", SignedInClient.Password), ("Role", "Viewer"));
        Assert.True(added.StatusCode == HttpStatusCode.Found, await added.Content.ReadAsStringAsync(Token));
        Assert.Contains("The user is added.", await Browser.Http.GetStringAsync(added.Headers.Location, Token), StringComparison.Ordinal);
        var again = await Browser.SubmitAsync(
            "/account/users", "add", ("Name", "VERA"), ("Password", SignedInClient.Password), ("Role", "Viewer"));
        Assert.Contains("already taken", await again.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        using var viewer = new SignedInClient(_portal.Address);
        await viewer.SignInAsync("vera", SignedInClient.Password);
        Assert.Equal(HttpStatusCode.OK, (await viewer.Http.GetAsync("/", Token)).StatusCode);
        Assert.Contains("/account/denied", await RedirectAsync(viewer.Http.GetAsync("/account/users", Token)), StringComparison.Ordinal);

        var anna = await IdAsync("anna");
        var last = await Browser.SubmitAsync("/account/users", $"role-{anna}", ("Role", "Viewer"));
        Assert.Contains("last administrator", await last.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        var lastAgain = await Browser.SubmitAsync("/account/users", $"remove-{anna}");
        Assert.Contains("last administrator", await lastAgain.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        var vera = await IdAsync("vera");
        Assert.Equal(
            HttpStatusCode.Found, (await Browser.SubmitAsync("/account/users", $"role-{vera}", ("Role", "Administrator"))).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await Browser.SubmitAsync("/account/users", $"remove-{anna}")).StatusCode);
        Assert.Equal(
            ["set up done", "add done", "change role done", "remove done"], await AuditAsync("set up", "add", "change role", "remove"));
    }

    [Fact]
    public async Task Password_ChangedByItsOwner_NeedsThePresentOneAndEndsNothingHere()
    {
        await Browser.SetUpAsync(_portal.SetupToken());
        var wrong = await ChangeAsync("not the password", "another long one");
        Assert.Contains("The present password is wrong.", await wrong.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        var weak = await ChangeAsync(SignedInClient.Password, "short");
        Assert.Contains("at least 10 characters", await weak.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        var changed = await ChangeAsync(SignedInClient.Password, "another long one");
        Assert.EndsWith("/account/password?done=true", changed.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("Your password is changed", await Browser.Http.GetStringAsync("/account/password?done=true", Token), StringComparison.Ordinal);

        using var other = new SignedInClient(_portal.Address);
        await other.SignInAsync("anna", "another long one");
        Assert.Equal(HttpStatusCode.OK, (await other.Http.GetAsync("/", Token)).StatusCode);
        Assert.Equal(["change password failed", "change password failed", "change password done"], await AuditAsync("change password"));

        Task<HttpResponseMessage> ChangeAsync(string current, string next) => Browser.SubmitAsync(
            "/account/password", "password", ("Form.Current", current), ("Form.Password", next), ("Form.Repeat", next));
    }

    private static async Task<string> RedirectAsync(Task<HttpResponseMessage> request)
    {
        var answer = await request;
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return answer.Headers.Location!.ToString();
    }

    private async Task<string> IdAsync(string name) =>
        (await QueryAsync("SELECT Id FROM AspNetUsers WHERE UserName = $0", name)).Single();

    private Task<List<string>> AuditAsync(params string[] actions) =>
        QueryAsync(
            $"SELECT Action || ' ' || Result FROM AuditEntries WHERE Action IN ({string.Join(", ", actions.Select((_, i) => $"${i}"))}) ORDER BY Id",
            actions);

    private async Task<List<string>> QueryAsync(string sql, params string[] values)
    {
        await using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_portal.DataFolder, "portal.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i}", values[i]);
        }

        var found = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }
}
