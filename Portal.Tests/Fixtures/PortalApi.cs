using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Portal.Client.Contracts;

namespace Portal.Tests.Fixtures;

/// <summary>A script's view of a running server: the first-run page once, then the REST API with the Identity cookie.</summary>
public sealed partial class PortalApi : IDisposable
{
    public const string User = "operator";
    public const string Password = "correct horse battery";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    private readonly HttpClientHandler _handler = new() { CookieContainer = new CookieContainer(), AllowAutoRedirect = false };
    private readonly HttpClient _http;

    public PortalApi(Uri address)
    {
        _http = new HttpClient(_handler) { BaseAddress = new Uri(address, "/"), Timeout = TimeSpan.FromSeconds(120) };
        _http.DefaultRequestHeaders.Add("X-Portal-Request", "1");
    }

    /// <summary>The cookies of the session, for the hub and for a browser.</summary>
    public CookieContainer Cookies => _handler.CookieContainer;

    /// <summary>Creates the first administrator through the page, as a person would, and stays signed in.</summary>
    public async Task SetUpAsync(string token)
    {
        var page = await _http.GetStringAsync("account/setup");
        var fields = HiddenPattern().Matches(page).ToDictionary(match => match.Groups[1].Value, match => WebUtility.HtmlDecode(match.Groups[2].Value));
        fields["Form.Token"] = token;
        fields["Form.Name"] = User;
        fields["Form.Password"] = Password;
        fields["Form.Repeat"] = Password;
        using var answer = await _http.PostAsync("account/setup", new FormUrlEncodedContent(fields));
        Assert.True(answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.Found, await answer.Content.ReadAsStringAsync());
    }

    public async Task SignInAsync()
    {
        using var answer = await _http.PostAsJsonAsync("api/v1/session", new { User, Password });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<T> GetAsync<T>(string path)
    {
        using var answer = await _http.GetAsync($"api/v1/{path}");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"GET {path}: {answer.StatusCode} {text}");
        return JsonSerializer.Deserialize<T>(text, Json)!;
    }

    public async Task<Accepted> PostAsync(string path, object? body = null)
    {
        using var answer = await _http.PostAsJsonAsync($"api/v1/{path}", body ?? new { }, Json);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"POST {path}: {answer.StatusCode} {text}");
        return JsonSerializer.Deserialize<Accepted>(text, Json)!;
    }

    public async Task PutAsync(string path, object body)
    {
        using var answer = await _http.PutAsJsonAsync($"api/v1/{path}", body, Json);
        Assert.True(answer.IsSuccessStatusCode, $"PUT {path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    public Task<ConnectorTaskView> TaskAsync(string id) => GetAsync<ConnectorTaskView>($"tasks/{id}");

    /// <summary>What a write answers that was accepted.</summary>
    public sealed record Accepted(string? Id, string? OperationId);

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)"[^>]*>""")]
    private static partial Regex HiddenPattern();
}
