using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Engine.Reading;

namespace Portal.Tests.Server.Api;

public sealed class TopicsApiTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private const string Records = "/api/v1/kafka-instances/ckafka-plant001/topics/orders/records";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_AsViewer_ComeWithBytesInBase64()
    {
        portal.Reader.Topics["orders"] = [new TopicRecord(0, 4, 1_000, [255], [new KafkaHeader("h", [0]), new KafkaHeader("h", null)], [1, 2], 2)];
        using var vera = await portal.SignedInAsync("vera");

        var answer = await vera.GetFromJsonAsync<JsonElement>($"{Records}?count=5&partition=0", Token);

        var record = answer.GetProperty("records")[0];
        Assert.Equal(("/w==", "AQI="), (record.GetProperty("key").GetString(), record.GetProperty("value").GetString()));
        Assert.Equal(2, record.GetProperty("headers").GetArrayLength());
        Assert.Equal([1, 2], await vera.GetByteArrayAsync($"{Records}/0/4/value", Token));
    }

    [Fact]
    public async Task Records_KafkaSilent_Is502InWords()
    {
        portal.Reader.Cause = "Kafka at kafka.test:9092 did not answer.";
        using var client = await portal.SignedInAsync();

        using var answer = await client.GetAsync(Records, Token);
        portal.Reader.Cause = null;

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains("did not answer", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Records_TopicIsMissing_Is404()
    {
        using var client = await portal.SignedInAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(Records.Replace("orders", "nowhere"), Token)).StatusCode);
    }

    [Fact]
    public async Task Topic_CreatedWrongly_Is400WithEveryField()
    {
        using var client = await portal.SignedInAsync();

        using var answer = await client.PostAsJsonAsync("/api/v1/kafka-instances/ckafka-plant001/topics", new { name = "a b", partitions = 0 }, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("errors");
        Assert.Equal(["name", "partitions"], errors.EnumerateArray().Select(error => error.GetProperty("field").GetString()));
    }
}
