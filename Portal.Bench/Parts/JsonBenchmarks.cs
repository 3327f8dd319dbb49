using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Portal.Engine.Mapping.Payloads;

namespace Portal.Bench.Parts;

/// <summary>Passing over 256 bytes of JSON, and of what only looks like it: our scanner, and the reader of .NET with what its exception costs.</summary>
public class JsonBenchmarks
{
    private byte[] _payload = [];

    [Params(true, false)]
    public bool IsJson { get; set; }

    [GlobalSetup]
    public void Prepare() => _payload = Encoding.UTF8.GetBytes(
        (IsJson ? """{"device":"sensor7","temp":21.5,"list":[1,2,3],"note":" """ : """{"device":sensor7,"temp":21.5,"list":[1,2,3],"note":" """).PadRight(254, 'x') + "\"}");

    [Benchmark(Baseline = true)]
    public bool Reader()
    {
        var reader = new Utf8JsonReader(_payload, isFinalBlock: false, state: default);
        try
        {
            return reader.Read() && reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [Benchmark]
    public bool Scanner()
    {
        var scanner = new JsonScanner(_payload);
        return scanner.Read() && scanner.TrySkip();
    }
}
