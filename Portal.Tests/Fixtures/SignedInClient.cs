using System.Net;
using System.Text.RegularExpressions;

namespace Portal.Tests.Fixtures;

/// <summary>
/// A browser without scripts: keeps cookies, follows no redirect by itself, and sends the forms of the account pages as they were rendered.
/// </summary>
internal sealed partial class SignedInClient : IDisposable
{
    public const string Administrator = "anna";
    public const string Password = "a few good words";

    public SignedInClient(Uri address)
    {
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = address };
    }

    public CookieContainer Cookies { get; } = new();

    public HttpClient Http { get; }

    /// <summary>Opens a page, fills in one of its forms, and sends it.</summary>
    public Task<HttpResponseMessage> SubmitAsync(string page, string form, params (string Name, string Value)[] fields) =>
        SubmitAsync(page, form, target: null, fields);

    /// <summary>The same, but sent somewhere else.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(
        string page, string form, string? target, params (string Name, string Value)[] fields)
    {
        var html = await Http.GetStringAsync(page);
        var rendered = Form().Matches(html).Select(match => match.Value).Single(
            text => text.Contains($"value=\"{form}\"", StringComparison.Ordinal));
        target ??= Action().Match(rendered) is { Success: true } action ? action.Groups[1].Value : page;
        var hidden = Hidden().Matches(rendered).Select(match => (match.Groups[1].Value, WebUtility.HtmlDecode(match.Groups[2].Value)));
        return await Http.PostAsync(
            target, new FormUrlEncodedContent(hidden.Concat(fields).Select(field => KeyValuePair.Create(field.Item1, field.Item2))));
    }

    /// <summary>Creates the first administrator, who is signed in then.</summary>
    public async Task SetUpAsync(string token)
    {
        var answer = await SubmitAsync(
            "/account/setup", "setup", ("Form.Token", token), ("Form.Name", Administrator), ("Form.Password", Password), (
                "Form.Repeat", Password));
        Assert.True(answer.StatusCode == HttpStatusCode.Found, await answer.Content.ReadAsStringAsync());
    }

    public Task<HttpResponseMessage> SignInAsync(string name, string password, string page = "/account/sign-in") =>
        SubmitAsync(page, "sign-in", ("Form.Name", name), ("Form.Password", password));

    public void Dispose() => Http.Dispose();

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<form[^>]* action=\"([^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
