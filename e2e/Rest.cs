using System.Text.Json;
using Microsoft.Playwright;

namespace Portal.EndToEnd;

/// <summary>The REST door with the cookie of a page: to prepare what a test is not about, and to see what came of it.</summary>
internal sealed class Rest(IAPIRequestContext http)
{
    private static readonly Dictionary<string, string> Header = new() { ["X-Portal-Request"] = "1" };

    public async Task<JsonElement> GetAsync(string path) => await ReadAsync(await http.GetAsync($"/api/v1/{path}"));

    public async Task<JsonElement> PostAsync(string path, object? body = null) =>
        await ReadAsync(await http.PostAsync($"/api/v1/{path}", new() { Headers = Header, DataObject = body ?? new { } }));

    public async Task<JsonElement> PutAsync(string path, object body) =>
        await ReadAsync(await http.PutAsync($"/api/v1/{path}", new() { Headers = Header, DataObject = body }));

    /// <summary>Creates and starts a task whose mapping fits no message, so that each is refused; between the brokers of the first task.</summary>
    /// <param name="name">Of the task and of its topic.</param>
    /// <param name="onFailure">What becomes of what is refused.</param>
    /// <returns>Its id.</returns>
    public async Task<string> CreateRefusingAsync(string name, string onFailure)
    {
        var model = (await GetAsync("tasks?sort=created")).GetProperty("items")[0].GetProperty("settings");
        var settings = JsonSerializer.Deserialize<Dictionary<string, object?>>(model.GetRawText())!;
        settings["name"] = name;
        settings["topic"] = name;
        settings["deadLetterTopic"] = "";
        settings["distribution"] = "OneTopic";
        settings["filter"] = null;
        settings["onFailure"] = onFailure;
        settings["key"] = "PayloadPath";
        settings["keyArgument"] = "$.no.such.member";
        settings["autoCreate"] = new { partitions = 2, replicas = -1 };
        return (await PostAsync("tasks?paused=false", settings)).GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement> ReadAsync(IAPIResponse answer)
    {
        var text = await answer.TextAsync();
        Assert.True(answer.Ok, $"{answer.Url}: {answer.Status} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
