using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Client.Contracts;
using Portal.Server.Api.Answers;

namespace Portal.Tests.Server.Api;

public sealed class SamplesApiTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sample_OfAConnection_StreamsLinesThatCanBePreviewedAgain()
    {
        using var client = await portal.SignedInAsync();
        using var answer = await client.PostAsJsonAsync("/api/v1/samples", new { connectionId = "resource-plant001", topics = new[] { "plant/#" } }, Token);
        var lines = (await answer.Content.ReadAsStringAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var sample = JsonSerializer.Deserialize<SampleView>(lines[^1], ApiJson.Options)!;
        using var previewed = await client.PostAsJsonAsync("/api/v1/samples/preview", new { settings = portal.NewDraft(), messages = sample.Messages }, ApiJson.Options, Token);
        var preview = await previewed.Content.ReadFromJsonAsync<MappingPreview>(ApiJson.Options, Token);

        Assert.Equal(SampleProgress.Ended, sample.Progress);
        Assert.Equal("plant/line1/temp"u8.ToArray(), Assert.Single(preview!.Records).Key);
    }

    [Fact]
    public async Task Sample_WrongBounds_Is400AllAtOnce()
    {
        using var client = await portal.SignedInAsync();
        using var answer = await client.PostAsJsonAsync("/api/v1/samples", new { connectionId = "", topics = Array.Empty<string>(), seconds = 0 }, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal(3, problem.GetProperty("errors").GetArrayLength());
    }

    [Fact]
    public async Task Check_FilterWithTwoErrors_TellsBothWithTheirPlaces()
    {
        using var client = await portal.SignedInAsync();
        using var answer = await client.PostAsJsonAsync("/api/v1/tasks/check", portal.NewDraft() with { Filter = "a AND payload.t > 3 AND b = NULL" }, ApiJson.Options, Token);

        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("errors").EnumerateArray().ToList();
        Assert.Equal([(0, 1), (26, 6)], errors.Select(error => (error.GetProperty("at").GetProperty("start").GetInt32(), error.GetProperty("at").GetProperty("length").GetInt32())));
    }
}
