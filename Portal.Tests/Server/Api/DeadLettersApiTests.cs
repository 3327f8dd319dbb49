using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Portal.Engine.Reading;
using Portal.Engine.Sinks.Failures;
using Portal.Server.Api.Answers;

namespace Portal.Tests.Server.Api;

public sealed class DeadLettersApiTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Letters_FromListToDecision_GoByOneAddress()
    {
        using var client = await portal.SignedInAsync();
        var address = await AddressAsync(client, "=1+1", "kept");

        var page = await client.GetFromJsonAsync<JsonElement>(address, Token);
        Assert.Equal(2, page.GetProperty("total").GetInt32());
        var group = page.GetProperty("groups")[0].GetProperty("id").GetString();
        Assert.Equal(2, (await client.GetFromJsonAsync<JsonElement>($"{address}?reason={group}", Token)).GetProperty("total").GetInt32());
        Assert.Contains("-p 0 -o 0", (await client.GetFromJsonAsync<JsonElement>($"{address}/0/0", Token)).GetProperty("kcat").GetString());

        using var csv = await client.GetAsync($"{address}/export?format=csv", Token);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
        Assert.Contains(",'=1+1\r\n", await csv.Content.ReadAsStringAsync(Token));
        Assert.Equal(2, (await client.GetFromJsonAsync<JsonElement>($"{address}/export", Token)).GetArrayLength());

        using var dry = await client.PostAsJsonAsync($"{address}/dry-run", new { group }, Token);
        Assert.Equal(2, (await dry.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("pass").GetInt32());
        using var sent = await client.PostAsJsonAsync($"{address}/retry", new { only = new[] { new { partition = 0, offset = 0 } } }, Token);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        Assert.Contains(portal.Replay.Sent, message => message.Payload == "=1+1");
        using var discarded = await client.PostAsJsonAsync($"{address}/discard", new { }, Token);
        Assert.Equal(HttpStatusCode.OK, discarded.StatusCode);
        Assert.Equal(0, (await client.GetFromJsonAsync<JsonElement>(address, Token)).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Decision_AsViewer_Is403()
    {
        using var client = await portal.SignedInAsync();
        var address = await AddressAsync(client, "x");
        using var vera = await portal.SignedInAsync("vera");

        Assert.Equal(HttpStatusCode.OK, (await vera.GetAsync(address, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await vera.PostAsJsonAsync($"{address}/retry", new { }, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await vera.PostAsJsonAsync($"{address}/discard", new { }, Token)).StatusCode);
    }

    private async Task<string> AddressAsync(HttpClient client, params string[] payloads)
    {
        var draft = portal.NewDraft() with { DeadLetterTopic = $"dead-{Guid.NewGuid():N}" };
        using var created = await client.PostAsJsonAsync("/api/v1/tasks", draft, ApiJson.Options, Token);
        var task = (await created.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
        portal.Reader.Topics[draft.DeadLetterTopic] = [.. payloads.Select((payload, offset) => new TopicRecord(0, offset, 1_000 + offset, null, [
            Header(DeadLetterHeaders.Reason, "No JSON."), Header(DeadLetterHeaders.Code, "mapping-failed"),
            Header(DeadLetterHeaders.Task, task), Header(DeadLetterHeaders.Topic, "plant/1")], Encoding.UTF8.GetBytes(payload), payload.Length))];
        return $"/api/v1/tasks/{task}/dead-letters";
    }

    private static KafkaHeader Header(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));
}
