using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Client.Contracts;
using Portal.Server.Api.Answers;

namespace Portal.Tests.Server.Api;

public sealed class HistoryApiTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/v1/history")]
    [InlineData("/api/v1/history.csv?range=7d&region=local")]
    [InlineData("/api/v1/overview")]
    [InlineData("/api/v1/changes?count=3")]
    public async Task Overall_SignedIn_IsAnswered(string address)
    {
        using var client = await portal.SignedInAsync();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(address, Token)).StatusCode);
    }

    [Fact]
    public async Task OfTask_HistoryEventsAndRevisions_AreAnsweredAsTheContractsSay()
    {
        using var client = await portal.SignedInAsync();
        var id = await portal.CreateTaskAsync(client);

        var history = await client.GetFromJsonAsync<JsonElement>($"/api/v1/tasks/{id}/history?range=15m", Token);
        Assert.Equal("00:00:05", history.GetProperty("step").GetString());
        Assert.Equal(1, Assert.Single((await client.GetFromJsonAsync<IReadOnlyList<Revision<ConnectorTaskDraft>>>($"/api/v1/tasks/{id}/revisions", ApiJson.Options, Token))!).Number);
        Assert.Contains("Created and started", await client.GetStringAsync($"/api/v1/tasks/{id}/events.csv?kind=command", Token));
    }

    [Theory]
    [InlineData("history?range=9y", "range")]
    [InlineData("events?kind=foo", "kind")]
    [InlineData("events?q=1+2+3+4+5+6+7+8+9+10+11+12+13+14+15+16+17+18+19+20+21", "q")]
    [InlineData("events?severity=loud", "severity")]
    public async Task OfTask_WhatMeansNothing_IsRefusedByName(string query, string field)
    {
        using var client = await portal.SignedInAsync();
        var id = await portal.CreateTaskAsync(client);
        using var answer = await client.GetAsync($"/api/v1/tasks/{id}/{query}", Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task OfWhatDoesNotExist_Is404()
    {
        string[] addresses =
        [
            .. new[] { "history", "revisions", "events", "events.csv", "clients", "rates", "owed" }.Select(part => $"tasks/task-unknown1/{part}"),
            .. new[] { "tasks", "revisions", "checks", "events" }.Select(part => $"connections/resource-unknown1/{part}"),
            .. new[] { "tasks", "connections", "revisions" }.Select(part => $"mqtt-clusters/mqtt-unknown1/{part}"),
            .. new[] { "tasks", "revisions", "checks" }.Select(part => $"kafka-instances/ckafka-unknown1/{part}"),
        ];
        using var client = await portal.SignedInAsync();
        foreach (var address in addresses)
        {
            using var answer = await client.GetAsync($"/api/v1/{address}", Token);
            Assert.Equal((address, HttpStatusCode.NotFound), (address, answer.StatusCode));
        }
    }

    [Fact]
    public void Csv_TextThatBeginsLikeAFormula_IsNone()
    {
        var csv = EventTable.Csv([new TaskEvent(7, DateTimeOffset.UnixEpoch, "Notice", EventSeverity.Info, "anna", "=1+\"2\"")]);

        Assert.Equal("evt_7,1970-01-01T00:00:00.000Z,Notice,Info,anna,\"'=1+\"\"2\"\"\"", csv.Split("\r\n")[1]);
    }
}
