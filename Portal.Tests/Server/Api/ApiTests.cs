using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;

namespace Portal.Tests.Server.Api;

public sealed class ApiTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/v1/tasks")]
    [InlineData("/api/v1/connections")]
    [InlineData("/api/v1/session")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/hubs/live/negotiate")]
    public async Task AnyAddress_NotSignedIn_Is401WithoutARedirect(string address)
    {
        using var client = portal.Stranger();
        using var answer = address.StartsWith("/hubs", StringComparison.Ordinal)
            ? await client.PostAsync(address, null, Token)
            : await client.GetAsync(address, Token);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Session_WrongPassword_Is401InWords()
    {
        using var client = portal.Stranger();
        using var answer = await client.PostAsJsonAsync("/api/v1/session", new { user = "anna", password = "wrong" }, Token);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("wrong", (await ProblemAsync(answer)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Session_Deleted_EndsTheAccess()
    {
        using var client = await portal.SignedInAsync();
        var session = await client.GetFromJsonAsync<JsonElement>("/api/v1/session", Token);
        Assert.Equal(("anna", "Administrator"), (session.GetProperty("user").GetString(), session.GetProperty("roles")[0].GetString()));
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync("/api/v1/session", Token)).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/tasks", Token)).StatusCode);
    }

    [Fact]
    public async Task Write_WithoutTheHeader_IsRefusedAndChangesNothing()
    {
        using var client = await portal.SignedInAsync();
        var id = await portal.CreateTaskAsync(client);
        client.DefaultRequestHeaders.Remove(RequestFilters.Header);
        using var answer = await client.PostAsync($"/api/v1/tasks/{id}/pause", null, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(RequestFilters.Header, (await ProblemAsync(answer)).GetProperty("detail").GetString());
        Assert.Equal(AskedState.Running, (await FindAsync(client, id))!.Asked);
    }

    [Fact]
    public async Task Write_AsViewer_Is403()
    {
        using var vera = await portal.SignedInAsync("vera");
        using var answer = await vera.PostAsJsonAsync("/api/v1/tasks", portal.NewDraft(), ApiJson.Options, Token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Administrator", (await ProblemAsync(answer)).GetProperty("detail").GetString());
        Assert.Equal(HttpStatusCode.OK, (await vera.GetAsync("/api/v1/tasks", Token)).StatusCode);
    }

    [Fact]
    public async Task Task_FromCreationToDeletion_GoesThroughItsStates()
    {
        using var client = await portal.SignedInAsync();
        var id = await portal.CreateTaskAsync(client);
        await StatusAsync(client, id, ConnectorTaskStatus.Running);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync($"/api/v1/tasks/{id}/pause", null, Token)).StatusCode);
        await StatusAsync(client, id, ConnectorTaskStatus.Paused);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync("/api/v1/tasks/resume", new { ids = new[] { id } }, Token)).StatusCode);
        await StatusAsync(client, id, ConnectorTaskStatus.Running);
        var task = await FindAsync(client, id);
        using var put = await client.PutAsJsonAsync($"/api/v1/tasks/{id}?revision={task!.Revision}", task.Settings with { Clients = 2 }, ApiJson.Options, Token);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        await Eventually.TrueAsync(async () => (await client.GetFromJsonAsync<JsonElement>($"/api/v1/tasks/{id}/clients", Token)).GetArrayLength() == 2, "two clients");
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync($"/api/v1/tasks/{id}/clients/{id}-1/disconnect", null, Token)).StatusCode);
        var events = await client.GetFromJsonAsync<IReadOnlyList<TaskEvent>>($"/api/v1/tasks/{id}/events?count=100", ApiJson.Options, Token);
        Assert.Contains(events!, line => line is { Kind: "Config", Actor: "anna", Text: "Clients: 1 → 2" });
        Assert.Equal(HttpStatusCode.OK, (await client.DeleteAsync($"/api/v1/tasks/{id}?revision={task.Revision + 1}", Token)).StatusCode);

        await Eventually.TrueAsync(async () => (await client.GetAsync($"/api/v1/tasks/{id}", Token)).StatusCode == HttpStatusCode.NotFound, "deleted");
    }

    [Fact]
    public async Task Task_StaleRevision_Is409AndMissingOneSaysWhatToDo()
    {
        using var client = await portal.SignedInAsync();
        var id = await portal.CreateTaskAsync(client);
        using var missing = await client.PutAsJsonAsync($"/api/v1/tasks/{id}", portal.NewDraft(), ApiJson.Options, Token);
        using var stale = await client.PutAsJsonAsync($"/api/v1/tasks/{id}?revision=7", portal.NewDraft() with { Clients = 3 }, ApiJson.Options, Token);

        Assert.Equal(HttpStatusCode.BadRequest, missing.StatusCode);
        Assert.Contains("?revision=", (await ProblemAsync(missing)).GetProperty("detail").GetString());
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
    }

    [Fact]
    public async Task Test_AsViewer_Is403()
    {
        (string Address, string Body)[] tests =
        [
            ("connections/validate", """{"name":"x","mqttClusterId":"mqtt-plant001","userName":"u"}"""),
            ("connections/resource-plant001/test", "{}"),
            ("mqtt-clusters/test", """{"name":"x","region":"gz","endpoints":[]}"""),
            ("kafka-instances/test", """{"name":"x","region":"gz","bootstrapServers":"127.0.0.1:9092"}"""),
            ("tasks/preflight", """{"name":"x","kafkaInstanceId":"ckafka-plant001"}"""),
            ("samples", """{"connectionId":"resource-plant001","topics":["a"]}"""),
        ];
        using var vera = await portal.SignedInAsync("vera");
        foreach (var (address, body) in tests)
        {
            using var answer = await vera.PostAsync($"/api/v1/{address}", new StringContent(body, Encoding.UTF8, "application/json"), Token);
            Assert.Equal((address, HttpStatusCode.Forbidden), (address, answer.StatusCode));
        }
    }

    [Fact]
    public async Task List_Filtered_CountsAndPages()
    {
        using var client = await portal.SignedInAsync();
        for (var number = 0; number < 3; number++)
        {
            await portal.CreateTaskAsync(client, portal.NewDraft() with { Name = $"Listed{number}" }, number == 0 ? "?paused=true" : "");
        }

        await Eventually.TrueAsync(async () => (await ListAsync("?q=listed&status=Running")).Total == 2, "two run");
        var page = await ListAsync("?status=paused&q=LISTED&sort=-name");

        Assert.Equal(["Listed0"], page.Items.Select(task => task.Settings.Name));
        Assert.Equal(2, page.Counts["Running"]);

        async Task<ListPage<ConnectorTaskView>> ListAsync(string query) =>
            (await client.GetFromJsonAsync<ListPage<ConnectorTaskView>>($"/api/v1/tasks{query}", ApiJson.Options, Token))!;
    }

    [Fact]
    public async Task Validate_Connection_StreamsReportsOrGivesTheLast()
    {
        using var client = await portal.SignedInAsync();
        var draft = new ConnectionDraft { Name = "other", MqttClusterId = "mqtt-plant001" };
        using var lines = await client.PostAsJsonAsync("/api/v1/connections/validate", draft, ApiJson.Options, Token);
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        using var last = await client.PostAsJsonAsync("/api/v1/connections/validate", draft, ApiJson.Options, Token);

        var reports = (await lines.Content.ReadAsStringAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(JsonSerializer.Deserialize<ValidationReport>(reports[^1], ApiJson.Options)!.Passed);
        Assert.True((await last.Content.ReadFromJsonAsync<ValidationReport>(ApiJson.Options, Token))!.Passed);
    }

    [Fact]
    public async Task Connection_ChangedWithRestart_Is202AndTheOperationEnds()
    {
        using var client = await portal.SignedInAsync();
        var id = await portal.CreateTaskAsync(client);
        await StatusAsync(client, id, ConnectorTaskStatus.Running);
        var connection = await client.GetFromJsonAsync<ConnectionView>("/api/v1/connections/resource-plant001", ApiJson.Options, Token);
        var draft = new ConnectionDraft { Name = connection!.Name, MqttClusterId = connection.MqttClusterId, UserName = "another" };
        using var answer = await client.PutAsJsonAsync($"/api/v1/connections/{connection.Id}?revision={connection.Revision}", draft, ApiJson.Options, Token);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await Eventually.TrueAsync(
            async () => (await client.GetFromJsonAsync<OperationView>(answer.Headers.Location, ApiJson.Options, Token))!.State == OperationState.Succeeded, "restarted");
        Assert.Equal("another", portal.Supervisor.InMotion[id].Source.Broker.UserName);
    }

    [Fact]
    public async Task Connection_Tested_TellsItsChecksAndEvents()
    {
        using var client = await portal.SignedInAsync();
        using var test = await client.PostAsync("/api/v1/connections/resource-plant001/test", null, Token);
        test.EnsureSuccessStatusCode();

        var checks = await client.GetFromJsonAsync<ConnectionCheck[]>("/api/v1/connections/resource-plant001/checks?count=1", ApiJson.Options, Token);
        var events = await client.GetFromJsonAsync<ConnectionEvent[]>("/api/v1/connections/resource-plant001/events", ApiJson.Options, Token);

        Assert.True(Assert.Single(checks!).Report.Passed);
        Assert.Contains(events!, one => one.Kind == ConnectionEventKind.Tested && one.Check!.Id == checks![0].Id);
        foreach (var part in new[] { "checks", "events" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/connections/resource-none0000/{part}", Token)).StatusCode);
        }
    }

    [Fact]
    public async Task MqttCluster_MovedElsewhere_NamesWhatToTestAndOneOrderTestsIt()
    {
        using var client = await portal.SignedInAsync();
        var cluster = new MqttClusterDraft { Name = "moving", Region = "local", Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "here.test", 1883)] };
        var clusterId = await CreatedAsync("mqtt-clusters", cluster);
        var connectionId = await CreatedAsync("connections", new ConnectionDraft { Name = "moving with it", MqttClusterId = clusterId });

        using var renamed = await client.PutAsJsonAsync($"/api/v1/mqtt-clusters/{clusterId}?revision=1", cluster with { Description = "soon elsewhere" }, ApiJson.Options, Token);
        Assert.False((await renamed.Content.ReadFromJsonAsync<JsonElement>(Token)).TryGetProperty("outdatedConnections", out _));
        using var moved = await client.PutAsJsonAsync(
            $"/api/v1/mqtt-clusters/{clusterId}?revision=2", cluster with { Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "there.test", 1883)] }, ApiJson.Options, Token);
        var ids = (await moved.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("outdatedConnections").EnumerateArray().Select(id => id.GetString()!).ToList();
        Assert.Equal([connectionId], ids);
        Assert.True((await ConnectionAsync()).CheckOutdated);

        using var order = await client.PostAsJsonAsync("/api/v1/connections/bulk/Test", new { ids }, Token);
        Assert.Equal(HttpStatusCode.Accepted, order.StatusCode);
        await Eventually.TrueAsync(async () => await ConnectionAsync() is { CheckOutdated: false, Status: ConnectionStatus.Running }, "it is checked again");

        async Task<string> CreatedAsync<T>(string collection, T draft)
        {
            using var answer = await client.PostAsJsonAsync($"/api/v1/{collection}", draft, ApiJson.Options, Token);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
        }

        async Task<ConnectionView> ConnectionAsync() => (await client.GetFromJsonAsync<ConnectionView>($"/api/v1/connections/{connectionId}", ApiJson.Options, Token))!;
    }

    [Fact]
    public async Task Bulk_DryRun_TellsAndDoesNothing_ThenTheOrderIs202()
    {
        using var client = await portal.SignedInAsync();
        var ids = new[] { await portal.CreateTaskAsync(client), await portal.CreateTaskAsync(client) };
        foreach (var id in ids)
        {
            await StatusAsync(client, id, ConnectorTaskStatus.Running);
        }

        using var dry = await client.PostAsJsonAsync("/api/v1/tasks/bulk/Pause?dryRun=true", new { ids }, Token);
        Assert.Equal(2, (await dry.Content.ReadFromJsonAsync<BulkReview>(ApiJson.Options, Token))!.Count);
        Assert.Equal(AskedState.Running, (await FindAsync(client, ids[0]))!.Asked);

        using var order = await client.PostAsJsonAsync("/api/v1/tasks/bulk/Pause", new { ids }, Token);
        Assert.Equal(HttpStatusCode.Accepted, order.StatusCode);
        await Eventually.TrueAsync(
            async () => (await client.GetFromJsonAsync<OperationView>(order.Headers.Location, ApiJson.Options, Token))!.State == OperationState.Succeeded, "paused");

    }

    [Theory]
    [InlineData("tasks/bulk/Test", "There is no action Test for tasks; there is Pause, Resume, Restart, Delete.")]
    [InlineData("connections/bulk/Pause", "There is no action Pause for connections; there is Test, Delete.")]
    [InlineData("clients/bulk/Restart", "There is no action Restart for clients; there is Disconnect, DeleteSession.")]
    public async Task Bulk_WrongActionAndSelection_IsRefusedInTheSameWordsWithAndWithoutDryRun(string path, string text)
    {
        using var client = await portal.SignedInAsync();
        foreach (var address in new[] { $"/api/v1/{path}", $"/api/v1/{path}?dryRun=true" })
        {
            using var answer = await client.PostAsJsonAsync(address, new { ids = new[] { "a" }, query = new { } }, Token);

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var problem = await answer.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonObject>(Token);
            Assert.Equal($"{text} Say which: give either ids or a query.", (string?)problem!["detail"]);
            Assert.Equal(["action", ""], problem["errors"]!.AsArray().Select(error => (string?)error!["field"]));
        }
    }

    [Fact]
    public async Task Export_AllOfAFilter_IsAFileWithoutFormulas()
    {
        using var client = await portal.SignedInAsync("vera");
        using var anna = await portal.SignedInAsync();
        var id = await portal.CreateTaskAsync(anna, portal.NewDraft() with { Name = "exported", Description = "=1+1" }, "?paused=true");

        using var csv = await client.GetAsync("/api/v1/tasks/export?q=exported&format=csv", Token);
        var lines = (await csv.Content.ReadAsStringAsync(Token)).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(("text/csv", "attachment"), (csv.Content.Headers.ContentType?.MediaType, csv.Content.Headers.ContentDisposition?.DispositionType));
        Assert.StartsWith("id,name,status", lines[0]);
        Assert.StartsWith($"{id},exported,Paused", Assert.Single(lines.Skip(1)));
        Assert.EndsWith(",'=1+1", lines[1]);

        var json = await client.GetFromJsonAsync<ConnectorTaskView[]>("/api/v1/tasks/export?q=exported&format=json", ApiJson.Options, Token);
        Assert.Equal(id, Assert.Single(json!).Id);
        Assert.Contains("plant", await client.GetStringAsync("/api/v1/connections/export", Token));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/v1/tasks/export?format=xls", Token)).StatusCode);
    }

    [Fact]
    public async Task Clusters_Read_NeverCarryASecret()
    {
        using var client = await portal.SignedInAsync();
        var draft = new KafkaInstanceDraft { Name = "k2", Region = "local", BootstrapServers = "k2:9092", Security = KafkaSecurityProtocol.SaslPlaintext, UserName = "u", Password = SecretChange.Replace("canary-7f3a") };
        using var created = await client.PostAsJsonAsync("/api/v1/kafka-instances", draft, ApiJson.Options, Token);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        var text = await client.GetStringAsync("/api/v1/kafka-instances", Token);
        Assert.Contains("\"hasPassword\":true", text);
        Assert.DoesNotContain("canary", text);
        Assert.Equal(2, (await client.GetFromJsonAsync<JsonElement>("/api/v1/kafka-instances?region=local", Token)).GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/mqtt-clusters/mqtt-unknown1", Token)).StatusCode);
    }

    [Fact]
    public async Task Address_Unknown_Is404InWords()
    {
        using var client = await portal.SignedInAsync();
        using var answer = await client.GetAsync("/api/v1/nothing", Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("docs/api.md", (await ProblemAsync(answer)).GetProperty("detail").GetString());
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private static Task<ConnectorTaskView?> FindAsync(HttpClient client, string id) =>
        client.GetFromJsonAsync<ConnectorTaskView>($"/api/v1/tasks/{id}", ApiJson.Options, Token);

    private static Task StatusAsync(HttpClient client, string id, ConnectorTaskStatus status) => Eventually.TrueAsync(
        async () => (await client.GetFromJsonAsync<ConnectorTaskLive>($"/api/v1/tasks/{id}/live", ApiJson.Options, Token))!.Status == status, $"{status}");
}
