using BenchmarkDotNet.Attributes;
using Portal.Engine.Filters;
using Portal.Engine.Mapping;
using Portal.Engine.Sources;
using Portal.Engine.Sources.Wire;
using Portal.Engine.Specs;

namespace Portal.Bench.Parts;

/// <summary>Decoding, filtering and mapping of one PUBLISH at QoS 1: 256 bytes of JSON, without and with properties.</summary>
public class MessageBenchmarks
{
    private readonly KafkaRecord _record = new();
    private readonly RecordMapper _mapper = new(new MappingSpec { Topics = TopicRule.One("t") }, null, default);
    private FilterExpression _byTopic = null!;
    private FilterExpression _byPayload = null!;
    private byte[] _body = [];

    [Params(false, true)]
    public bool Properties { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        byte[] properties = Properties ? [0x26, 0, 6, .. "region"u8, 0, 2, .. "gz"u8, 0x26, 0, 4, .. "unit"u8, 0, 1, .. "C"u8] : [];
        var payload = """{"device":"sensor7","temp":21.5,"note":" """.PadRight(254, 'x') + "\"}";
        _body = [0, 24, .. "plant/line3/sensor7/temp"u8, 0, 42, (byte)properties.Length, .. properties, .. System.Text.Encoding.UTF8.GetBytes(payload)];
        _byTopic = Parse("topic LIKE 'plant/line3/%' AND qos = 1");
        _byPayload = Parse("region = 'gz' OR payload.temp > 30");
    }

    [Benchmark]
    public int Decode() => Decoded().Payload.Length;

    [Benchmark]
    public MapOutcome DecodeAndMap() => _mapper.Map(Decoded(), _record, out _);

    [Benchmark]
    public bool DecodeAndFilterByTopic() => _byTopic.Matches(Decoded());

    [Benchmark]
    public bool DecodeAndFilterByPayload() => _byPayload.Matches(Decoded());

    private static FilterExpression Parse(string text) =>
        FilterExpression.TryParse(text, out var filter, out var errors) ? filter : throw new InvalidOperationException(errors[0].ToString());

    private InboundMessage Decoded() => PublishDecoder.Decode(0x32, _body, hasProperties: true, 1_760_000_000_000, out var message) is { } malformed
        ? throw new InvalidOperationException(malformed)
        : message;
}
