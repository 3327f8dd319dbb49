using System.Text.Json;
using Microsoft.Playwright;
using Portal.Tests;

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

    /// <summary>Runs the test of a connection to its end; the answer is one report a line.</summary>
    public async Task TestAsync(string connection)
    {
        var answer = await http.PostAsync($"/api/v1/connections/{connection}/test", new() { Headers = Header });
        Assert.True(answer.Ok, $"{answer.Url}: {answer.Status} {await answer.TextAsync()}");
    }

    /// <summary>Runs the test of a Kafka instance as it is stored, which is kept.</summary>
    public async Task TestKafkaAsync(JsonElement instance)
    {
        var stored = new[] { "name", "region", "bootstrapServers", "security", "mechanism" }.ToDictionary(field => field, field => instance.GetProperty(field).GetString());
        var answer = await http.PostAsync($"/api/v1/kafka-instances/test?id={instance.GetProperty("id").GetString()}", new() { Headers = Header, DataObject = stored });
        Assert.True(answer.Ok, $"{answer.Url}: {answer.Status} {await answer.TextAsync()}");
    }

    /// <summary>With the revision as it is now.</summary>
    public async Task DeleteAsync(string path)
    {
        var revision = (await GetAsync(path)).GetProperty("revision").GetInt64();
        var answer = await http.DeleteAsync($"/api/v1/{path}?revision={revision}", new() { Headers = Header });
        Assert.True(answer.Ok, $"{answer.Url}: {answer.Status} {await answer.TextAsync()}");
    }

    /// <summary>Until it is gone: what it uses can be deleted only then.</summary>
    public async Task DeleteTaskAsync(string id)
    {
        await DeleteAsync($"tasks/{id}");
        await Eventually.TrueAsync(async () => (await http.GetAsync($"/api/v1/tasks/{id}")).Status == 404, $"{id} is gone");
    }

    /// <summary>Creates a task like the sandbox's first one.</summary>
    /// <param name="name">Of the task and of its topic.</param>
    /// <param name="change">What is different, by the names of the REST door.</param>
    /// <param name="paused">Whether it is left paused.</param>
    /// <returns>Its id.</returns>
    public async Task<string> CreateTaskAsync(string name, Dictionary<string, object?> change, bool paused = false)
    {
        var first = (await GetAsync("tasks?sort=created")).GetProperty("items")[0].GetProperty("settings");
        var settings = JsonSerializer.Deserialize<Dictionary<string, object?>>(first.GetRawText())!;
        settings["name"] = name;
        settings["description"] = "";
        settings["topic"] = name;
        settings["deadLetterTopic"] = "";
        foreach (var (field, value) in change)
        {
            settings[field] = value;
        }

        return (await PostAsync($"tasks?paused={paused}", settings)).GetProperty("id").GetString()!;
    }

    /// <summary>Creates and starts a task whose mapping fits no message, so that each is refused; between the brokers of the first task.</summary>
    /// <param name="name">Of the task and of its topic.</param>
    /// <param name="onFailure">What becomes of what is refused.</param>
    /// <returns>Its id.</returns>
    public Task<string> CreateRefusingAsync(string name, string onFailure) => CreateTaskAsync(name, new()
    {
        ["onFailure"] = onFailure,
        ["key"] = "PayloadPath",
        ["keyArgument"] = "$.no.such.member",
        ["autoCreate"] = new { partitions = 2, replicas = -1 },
    });

    private static async Task<JsonElement> ReadAsync(IAPIResponse answer)
    {
        var text = await answer.TextAsync();
        Assert.True(answer.Ok, $"{answer.Url}: {answer.Status} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
