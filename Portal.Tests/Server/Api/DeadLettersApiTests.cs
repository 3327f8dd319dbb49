using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Portal.Client.Contracts;
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
    public async Task Time_NarrowsListExportAndOrders_AndIsCheckedAtEachDoor()
    {
        using var client = await portal.SignedInAsync();
        var address = await AddressAsync(client, "first", "second");
        const string First = "1970-01-01T00:00:01.000Z";

        Assert.Equal(1, (await client.GetFromJsonAsync<JsonElement>($"{address}?to={First}", Token)).GetProperty("total").GetInt32());
        Assert.Equal(1, (await client.GetFromJsonAsync<JsonElement>($"{address}/export?to={First}", Token)).GetArrayLength());
        Assert.Equal(0, (await client.GetFromJsonAsync<JsonElement>($"{address}?age=1h", Token)).GetProperty("total").GetInt32());
        using var dry = await client.PostAsJsonAsync($"{address}/dry-run", new { to = First }, Token);
        Assert.Equal(1, (await dry.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("pass").GetInt32());
        using var discarded = await client.PostAsJsonAsync($"{address}/discard", new { to = First }, Token);
        Assert.Equal(1, (await client.GetFromJsonAsync<JsonElement>(address, Token)).GetProperty("total").GetInt32());

        Assert.Equal(["age", "from"], await ErrorsAsync(await client.GetAsync($"{address}?age=2y&from=yesterday", Token)));
        Assert.Equal(["to"], await ErrorsAsync(await client.GetAsync($"{address}/export?from=2026-11-22&to=2026-11-21", Token)));
        Assert.Equal(["age"], await ErrorsAsync(await client.GetAsync("/api/v1/dead-letters?age=2y", Token)));
        foreach (var order in new[] { "dry-run", "retry", "discard" })
        {
            Assert.Equal(["to"], await ErrorsAsync(await client.PostAsJsonAsync($"{address}/{order}", new { from = "2026-11-22T00:00:00Z", to = First }, Token)));
        }
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

    [Theory]
    [InlineData("pause")]
    [InlineData("cancel")]
    public async Task Replay_PausedOrCancelledUnderWay_StopsAfterItsBatchAndSendsNothingTwice(string how)
    {
        const int Letters = 1_203;
        using var client = await portal.SignedInAsync();
        var name = Guid.NewGuid().ToString("N");
        var address = await AddressAsync(client, [.. Enumerable.Range(0, Letters).Select(number => $"{name} {number}")]);
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        portal.Replay.Sending = () =>
        {
            begun.TrySetResult();
            return goOn.Task;
        };

        using var ordered = await client.PostAsJsonAsync($"{address}/retry", new { }, Token);
        Assert.Equal(HttpStatusCode.Accepted, ordered.StatusCode);
        var operation = ordered.Headers.Location!.ToString();
        await begun.Task.WaitAsync(Token);
        using var second = await client.PostAsJsonAsync($"{address}/retry", new { }, Token);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        using var stopped = await client.PostAsync($"{operation}/{how}", null, Token);
        Assert.Equal(HttpStatusCode.Accepted, stopped.StatusCode);
        goOn.SetResult();

        var state = how == "pause" ? OperationState.Waiting : OperationState.Cancelled;
        await Eventually.TrueAsync(async () => (await FindAsync()).Items[0].State == state, "it stopped after its batch");
        Assert.Equal(500, Sent().Count);
        Assert.StartsWith("500 sent.", (await FindAsync()).Items[0].Text, StringComparison.Ordinal);
        if (how == "pause")
        {
            using var continued = await client.PostAsync($"{operation}/continue", null, Token);
            await Eventually.TrueAsync(async () => (await FindAsync()).State == OperationState.Succeeded, "the rest is sent");
            Assert.Equal(Letters, Sent().Count);
        }

        Assert.Equal(Sent().Count, Sent().Distinct().Count());

        List<string> Sent() => [.. portal.Replay.Sent.Select(message => message.Payload).Where(payload => payload.StartsWith(name, StringComparison.Ordinal))];
        async Task<OperationView> FindAsync() => (await client.GetFromJsonAsync<OperationView>(operation, ApiJson.Options, Token))!;
    }

    [Fact]
    public async Task Retry_OneByManyAtOnce_IsSentOnce()
    {
        using var client = await portal.SignedInAsync();
        var payload = Guid.NewGuid().ToString("N");
        var address = await AddressAsync(client, payload);
        portal.Replay.Sending = () => Task.CompletedTask;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var answer = await client.PostAsJsonAsync($"{address}/retry", new { only = new[] { new { partition = 0, offset = 0 } } }, Token);
            return answer.StatusCode;
        }));

        Assert.Single(answers, HttpStatusCode.OK);
        Assert.All(answers, code => Assert.Contains(code, new[] { HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.NotFound }));
        Assert.Single(portal.Replay.Sent, message => message.Payload == payload);
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

    private static async Task<IEnumerable<string?>> ErrorsAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString())];
        }
    }

    private static KafkaHeader Header(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));
}
