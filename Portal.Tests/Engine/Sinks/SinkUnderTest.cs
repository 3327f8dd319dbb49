using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Mapping;
using Portal.Engine.Sinks;
using Portal.Engine.Sinks.Topics;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Sinks;

/// <summary>A sink with a recording listener, and the patience of a task client.</summary>
internal sealed class SinkUnderTest : IAsyncDisposable
{
    private readonly KafkaRecord _record = new();

    public SinkUnderTest(
        SinkSpec spec, DeliverySpec? delivery = null, ITopicCreator? creator = null, RecordingListener? listener = null, TimeProvider? time = null)
    {
        Listener = listener ?? new RecordingListener();
        Sink = new KafkaSink(
            "task-test0001", spec, delivery ?? new DeliverySpec { OnFailure = FailureAction.Discard }, Listener,
            creator ?? new AdminTopicCreator(), time ?? TimeProvider.System, NullLogger<KafkaSink>.Instance);
    }

    public KafkaSink Sink { get; }

    public RecordingListener Listener { get; }

    public static SinkSpec Spec(string bootstrap) => new() { Kafka = new KafkaSpec { BootstrapServers = bootstrap } };

    public SendResult Try(string topic, ulong token, string value, string? key = null, bool byMessage = false, Action<KafkaRecord>? with = null)
    {
        _record.Clear();
        _record.Topic = topic;
        _record.IsTopicFromMessage = byMessage;
        _record.Timestamp = 1_700_000_000_000;
        if (key is not null)
        {
            _record.SetKey(Encoding.UTF8.GetBytes(key));
        }

        _record.AddHeader("mqtt.topic"u8, "plant/1"u8);
        with?.Invoke(_record);
        return Sink.Send(_record, Encoding.UTF8.GetBytes(value), new DeliveryToken(token));
    }

    public Task SendAsync(string topic, ulong token, string value, string? key = null, bool byMessage = false, Action<KafkaRecord>? with = null) =>
        Eventually.TrueAsync(() => Try(topic, token, value, key, byMessage, with) == SendResult.Taken, $"record {token} taken");

    public async Task SendManyAsync(string topic, ulong from, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var token = from + (ulong)i;
            if (Try(topic, token, $"value {token}", $"key {token % 17}") != SendResult.Taken)
            {
                await SendAsync(topic, token, $"value {token}", $"key {token % 17}");
            }
        }
    }

    public Task RefuseAsync(ulong token, string value, string reason, string topic = "") => Eventually.TrueAsync(
        () =>
        {
            _record.Clear();
            _record.Topic = topic;
            _record.AddHeader("mqtt.topic"u8, "plant/1"u8);
            return Sink.Refuse(_record, Encoding.UTF8.GetBytes(value), new DeliveryToken(token), reason) == SendResult.Taken;
        },
        $"refused {token} taken");

    public Task SettledAsync(int count) => Eventually.TrueAsync(() => Listener.Count >= count, $"{count} receipts (have {Listener.Count}, {Sink.State})");

    public Task ConditionAsync(SinkCondition condition, Action? meanwhile = null) => Eventually.TrueAsync(
        () =>
        {
            meanwhile?.Invoke();
            return Sink.State.Condition == condition;
        },
        $"sink {condition}");

    public ValueTask DisposeAsync() => Sink.DisposeAsync();
}
