using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Portal.Server.Api.Answers;

namespace Portal.Tests.Server.Api;

public sealed class WrongInputApiTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_WrongInput_Is400WithEveryField()
    {
        using var client = await portal.SignedInAsync();
        using var answer = await client.PostAsJsonAsync("/api/v1/tasks", portal.NewDraft() with { Name = "7", Topics = ["a/#/b"], Clients = 0 }, ApiJson.Options, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var fields = (await ProblemAsync(answer)).GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString());
        Assert.Equal(["clients", "name", "topics[0]"], fields.Order());
    }

    [Theory]
    [InlineData("{", "")]
    [InlineData("null", "")]
    [InlineData("""{"nmae":"x"}""", "nmae")]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{"qos":"one"}""", "qos")]
    [InlineData("""{"onFailure":"Explode"}""", "onFailure")]
    [InlineData("""{"topics":["a",7]}""", "topics[1]")]
    [InlineData("""{"topics":["a",null]}""", "topics[1]")]
    [InlineData("""{"topicMap":[null]}""", "topicMap[0]")]
    [InlineData("""{"autoCreate":{"partitions":"six"}}""", "autoCreate.partitions")]
    [InlineData("[]", "")]
    public async Task Create_BodyThatIsNoDraft_Is400AtItsPlace(string body, string field)
    {
        using var client = await portal.SignedInAsync();
        using var answer = await client.PostAsync("/api/v1/tasks", new StringContent(body, Encoding.UTF8, "application/json"), Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (await ProblemAsync(answer)).GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Create_BodyWithManyWrongTypes_TellsThemAllInWords()
    {
        using var client = await portal.SignedInAsync();
        const string Body = """{"nmae":"x","qos":"one","onFailure":"Explode","topics":"a","clients":1.5,"cleanSession":null,"autoCreate":{"partitions":[]}}""";
        using var answer = await client.PostAsync("/api/v1/tasks", new StringContent(Body, Encoding.UTF8, "application/json"), Token);

        var errors = (await ProblemAsync(answer)).GetProperty("errors").EnumerateArray()
            .Select(error => $"{error.GetProperty("field").GetString()}: {error.GetProperty("text").GetString()}").ToList();
        Assert.Equal(7, errors.Count);
        Assert.Contains("qos: Expected a whole number, not \"one\".", errors);
        Assert.Contains("onFailure: Expected one of \"DeadLetter\", \"Discard\", \"KeepRaw\", \"Stop\", not \"Explode\".", errors);
        Assert.Contains("topics: Expected a list in brackets, not \"a\".", errors);
        Assert.Contains("cleanSession: This is null; leave it out or give it a value.", errors);
        Assert.Contains("autoCreate.partitions: Expected a whole number, not [].", errors);
    }

    [Fact]
    public async Task Validate_WrongInput_Is400WithEveryField()
    {
        using var client = await portal.SignedInAsync();
        using var answer = await client.PostAsJsonAsync("/api/v1/connections/validate", new { name = "", mqttClusterId = "" }, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var fields = (await ProblemAsync(answer)).GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString());
        Assert.Equal(["mqttClusterId", "name"], fields.Order());
    }

    [Theory]
    [InlineData("tasks", "status,sort,page,size")]
    [InlineData("connections", "status,sort,page,size")]
    public async Task List_ParametersThatMeanNothing_Are400AllAtOnce(string list, string fields)
    {
        using var client = await portal.SignedInAsync();
        using var answer = await client.GetAsync($"/api/v1/{list}?status=foo&sort=-colour&page=0&size=7", Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await ProblemAsync(answer)).GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString());
        Assert.Equal(fields, string.Join(',', errors));
    }

    [Fact]
    public async Task Parameter_ThatCannotBeRead_IsNamed()
    {
        using var client = await portal.SignedInAsync();
        foreach (var (address, wrong) in new[]
        {
            ("tasks?page=two", "page: \"two\" is not a whole number, or it is too large."),
            ("changes?since=yesterday", "since: \"yesterday\" is not a time such as 2026-01-31T08:00:00Z."),
            ("tasks/bulk/Pause?dryRun=maybe", "dryRun: \"maybe\" is not true or false."),
        })
        {
            using var answer = address.Contains("bulk", StringComparison.Ordinal)
                ? await client.PostAsJsonAsync($"/api/v1/{address}", new { ids = Array.Empty<string>() }, Token)
                : await client.GetAsync($"/api/v1/{address}", Token);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var error = Assert.Single((await ProblemAsync(answer)).GetProperty("errors").EnumerateArray().ToList());
            Assert.Equal(wrong, $"{error.GetProperty("field").GetString()}: {error.GetProperty("text").GetString()}");
        }
    }

    [Fact]
    public async Task Create_EndlessWrongElements_AreToldUpToAHundred()
    {
        using var client = await portal.SignedInAsync();
        using var answer = await client.PostAsJsonAsync("/api/v1/tasks", new { topics = Enumerable.Range(0, 10_000) }, Token);

        Assert.Equal(100, (await ProblemAsync(answer)).GetProperty("errors").GetArrayLength());
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
    }
}
