using System.Text;
using System.Threading.Channels;
using Portal.Client.Contracts;
using Portal.Engine.Sampling;
using Portal.Server.Sampling;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.Sampling;

public sealed class SamplingServiceTests : IDisposable
{
    private readonly ServiceBench _bench = new();
    private readonly FakeSampler _sampler = new();
    private readonly SampleSeats _seats = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static SampleRequest Request => new() { ConnectionId = "resource-plant001", Topics = ["plant/#"] };

    private SamplingService Service => new(_bench.Database, _bench.Gate, _bench.Audit, _bench.Specs, _sampler, _seats);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Listen_Allowed_GivesTheMessagesAndAuditsBeginningAndEnd()
    {
        await AddConnectionAsync();

        var last = Assert.Single(await ListenAsync(Request));

        var message = Assert.Single(last.Messages);
        Assert.Equal(("plant/line1/temp", "One message is there."), (message.Topic, last.Ending));
        Assert.Equal([new NamedText("region", "gz"), new NamedText("lane", "2")], message.UserProperties);
        var order = Assert.Single(_sampler.Orders);
        Assert.Equal(("secret of plant", "plant/#"), (order.Broker.Password, Assert.Single(order.Filters)));
        var audit = await _bench.AuditAsync();
        Assert.Equal(["start sampling", "stop sampling"], audit.Select(entry => entry.Action));
        Assert.All(audit, entry => Assert.Equal(("connection", "plant", "anna"), (entry.ObjectKind, entry.ObjectName, entry.Actor)));
        Assert.Contains("plant/#", audit[0].Change);
        Assert.Contains("messages received: 1,", audit[1].Change);
    }

    [Fact]
    public async Task Listen_LeftInTheMiddle_IsAuditedAsStopped()
    {
        await AddConnectionAsync();
        _sampler.Script = Channel.CreateUnbounded<SampleReport>();
        await _sampler.Script.Writer.WriteAsync(new SampleReport { State = SampleState.Listening, Received = 7 }, Token);

        await foreach (var view in Service.ListenAsync(Request, Token))
        {
            Assert.Equal(SampleProgress.Listening, view.Progress);
            break;
        }

        var stop = (await _bench.AuditAsync())[^1];
        Assert.Equal("stop sampling", stop.Action);
        Assert.Equal("messages received: 7, bytes: 0\nstopped by hand", stop.Change);
    }

    [Fact]
    public async Task Listen_ByAViewer_IsRefusedAndTouchesNoBroker()
    {
        await AddConnectionAsync();
        _bench.Actor.Who = ServerDatabase.Vera;

        var last = Assert.Single(await ListenAsync(Request));

        Assert.True(last.Failed);
        Assert.Contains("needs the role Administrator", last.Ending);
        Assert.Empty(_sampler.Orders);
        Assert.Equal("denied", Assert.Single(await _bench.AuditAsync()).Result);
    }

    [Fact]
    public async Task Listen_ConnectionGone_SaysSo()
    {
        var last = Assert.Single(await ListenAsync(Request));

        Assert.Equal((true, "This connection does not exist any more. Choose another one."), (last.Failed, last.Ending));
        Assert.Empty(_sampler.Orders);
    }

    [Fact]
    public async Task Listen_AllSeatsTaken_SaysSoAndComesFreeAgain()
    {
        await AddConnectionAsync();
        var taken = Enumerable.Range(0, SampleSeats.Most).Select(_ => _seats.Take()!).ToList();

        var refused = Assert.Single(await ListenAsync(Request));
        Assert.Contains("as many as this server allows", refused.Ending);
        taken[0].Dispose();
        taken[0].Dispose();

        Assert.False(Assert.Single(await ListenAsync(Request)).Failed);
        Assert.NotNull(_seats.Take());
        Assert.Null(_seats.Take());
    }

    [Theory]
    [InlineData("plant/#/x", 20, 30, "Topics[0]")]
    [InlineData("a", 0, 30, "Messages")]
    [InlineData("a", 101, 30, "Messages")]
    [InlineData("a", 20, 301, "Seconds")]
    public void Check_WrongRequest_NamesTheField(string topic, int messages, int seconds, string field)
    {
        var errors = Service.Check(Request with { Topics = [topic], Messages = messages, Seconds = seconds });

        Assert.Equal(field, Assert.Single(errors).Field);
    }

    [Fact]
    public void Preview_Draft_ShowsTheRecordAndThePartition()
    {
        var draft = Drafts.Valid with { Distribution = DistributionPolicy.Template, TopicTemplate = "iot.{topic[1]}", Filter = "region = 'sh'" };
        var message = new MessageSample { Topic = "plant/line1/temp", Payload = "21"u8.ToArray(), UserProperties = [new("region", "gz"), new("region", "gz")] };

        var record = Assert.Single(Service.Preview(new PreviewRequest
        {
            Settings = draft,
            Messages = [message],
            Partitions = new Dictionary<string, int> { ["iot.line1"] = 1 },
        }).Records);

        Assert.Equal(("iot.line1", false, "by key → 0"), (record.Topic, record.Passes, record.Partition));
        Assert.Equal("plant/line1/temp", Encoding.UTF8.GetString(record.Key!));
        Assert.Equal(2, record.Headers.Count(header => header.Name == "region"));
    }

    [Fact]
    public void Preview_FilterNamesWhatNoMessageHas_HintsAtThePlaceAndTheMeaning()
    {
        var message = new MessageSample { Topic = "a", UserProperties = [new("region", "gz")] };
        var preview = Service.Preview(new PreviewRequest { Settings = Drafts.Valid with { Filter = "payload.speed > 50 AND regio = 'gz'" }, Messages = [message] });

        var hint = Assert.Single(preview.Hints);
        Assert.Equal(("Filter", new TextPlace(23, 5)), (hint.Field, hint.At));
        Assert.Equal("Column 24: none of the messages here has a user property “regio”. Did you mean “region”?", hint.Text);
    }

    [Fact]
    public void Check_MessageThatMqttDoesNotAllow_NamesTheMessageAndTheField()
    {
        var errors = Service.Check(new PreviewRequest { Settings = Drafts.Valid, Messages = [new() { Topic = "a" }, new() { Topic = "a/+", Qos = 3 }] });

        Assert.Equal(["Messages[1].Topic", "Messages[1].Qos"], errors.Select(error => error.Field));
    }

    private async Task AddConnectionAsync()
    {
        await _bench.Database.AddMqttClusterAsync();
        await _bench.Database.AddConnectionAsync();
    }

    private async Task<List<SampleView>> ListenAsync(SampleRequest request)
    {
        var views = new List<SampleView>();
        await foreach (var view in Service.ListenAsync(request, Token))
        {
            views.Add(view);
        }

        return views;
    }
}
