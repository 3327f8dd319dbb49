using Portal.Client.Contracts;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.Data.Entities;

namespace Portal.Tests.Server.ConnectorTasks.Events;

public sealed class TaskEventLogTests : IAsyncLifetime
{
    private TaskBench _bench = null!;
    private string _id = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await TaskBench.StartAsync();
        _id = await _bench.CreateAsync();
        await _bench.WriteAsync(db => db.AddRange(
            Line(1, "Session", EventSeverity.Warning, null, "Client a lost its session: keep alive timeout"),
            Line(2, "Config", EventSeverity.Info, "Anna", "Topic: a_b → 100 % of c"),
            Line(3, "Status", EventSeverity.Error, null, "Failed: not authorised")));
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Find_Filters_EachNarrowsTheResult()
    {
        Assert.Equal(["Status"], await KindsAsync(new() { Least = EventSeverity.Error }));
        Assert.Equal(["Status", "Session"], await KindsAsync(new() { Least = EventSeverity.Warning }));
        Assert.Equal(["Config"], await KindsAsync(new() { Actor = "anna" }));
        Assert.Equal(["Session"], await KindsAsync(new() { Text = "TIMEOUT client" }));
        Assert.Equal(["Status", "Config"], await KindsAsync(new() { Kinds = ["Config", "Status"] }));
        Assert.Equal(["Config"], await KindsAsync(new() { From = At(2), To = At(3) }));
    }

    [Fact]
    public async Task Find_SignsOfAPattern_AreTakenAsTyped()
    {
        Assert.Equal(["Config"], await KindsAsync(new() { Text = "a_b" }));
        Assert.Equal(["Config"], await KindsAsync(new() { Text = "%" }));
        Assert.Empty(await KindsAsync(new() { Text = "f_iled" }));
    }

    [Fact]
    public async Task Find_BeforeAndAfter_PageInBothDirections()
    {
        var all = await Log.FindAsync(_id, new(), Token);

        Assert.Equal([all[0]], await Log.FindAsync(_id, new() { After = all[1].Id }, Token));
        Assert.Equal(all.Skip(2), await Log.FindAsync(_id, new() { Before = all[1].Id }, Token));
    }

    private TaskEventLog Log => _bench.Get<TaskEventLog>();

    private DateTimeOffset At(int minute) => _bench.Time.Start.AddMinutes(minute);

    private TaskEventRow Line(int minute, string kind, EventSeverity severity, string? actor, string text) =>
        new() { TaskId = _id, At = At(minute), Kind = kind, Severity = severity, Actor = actor, Text = text };

    private async Task<IEnumerable<string>> KindsAsync(TaskEventQuery query) =>
        (await Log.FindAsync(_id, query, Token)).Select(line => line.Kind).Where(kind => kind != TaskEvents.Command);
}
