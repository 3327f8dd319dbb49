using System.Runtime.InteropServices;
using Confluent.Kafka;
using Portal.Engine.Sinks.Native;

namespace Portal.Tests.Fixtures;

/// <summary>librdkafka's mock cluster: one broker in this process that speaks the real protocol and makes the mistakes it is told to.</summary>
internal sealed unsafe class MockKafka : IDisposable
{
    private const short Produce = 0;
    private const short InitProducerId = 22;
    private readonly nint _owner;
    private readonly nint _cluster;

    public MockKafka(int brokers = 1)
    {
        var error = stackalloc byte[512];
        var conf = Librdkafka.rd_kafka_conf_new();
        _ = Librdkafka.rd_kafka_conf_set(conf, "log_level", "2", error, 512);
        _owner = Librdkafka.rd_kafka_new(Librdkafka.Producer, conf, error, 512);
        Assert.True(_owner != 0, Librdkafka.Text((nint)error));
        _cluster = ((delegate* unmanaged<nint, int, nint>)Export("rd_kafka_mock_cluster_new"))(_owner, brokers);
        Bootstrap = Librdkafka.Text(((delegate* unmanaged<nint, nint>)Export("rd_kafka_mock_cluster_bootstraps"))(_cluster));
    }

    public string Bootstrap { get; }

    public void CreateTopic(string topic, int partitions = 4)
    {
        var name = Marshal.StringToCoTaskMemUTF8(topic);
        var code = ((delegate* unmanaged<nint, nint, int, int, ErrorCode>)Export("rd_kafka_mock_topic_create"))(_cluster, name, partitions, 1);
        Marshal.FreeCoTaskMem(name);
        Assert.Equal(ErrorCode.NoError, code);
    }

    public void DeleteTopic(string topic)
    {
        var name = Marshal.StringToCoTaskMemUTF8(topic);
        _ = ((delegate* unmanaged<nint, nint, ErrorCode>)Export("rd_kafka_mock_topic_delete"))(_cluster, name);
        Marshal.FreeCoTaskMem(name);
    }

    /// <summary>The next produce requests fail so.</summary>
    public void FailProduce(params ErrorCode[] errors) => Fail(Produce, errors);

    /// <summary>The next requests for a producer id, which an idempotent producer begins with, fail so.</summary>
    public void FailProducerId(params ErrorCode[] errors) => Fail(InitProducerId, errors);

    /// <summary>A broker, counted from 1, or all of them, no longer answer.</summary>
    public void Down(int broker = -1) => ((delegate* unmanaged<nint, int, ErrorCode>)Export("rd_kafka_mock_broker_set_down"))(_cluster, broker);

    /// <summary>Makes a broker, counted from 1, the leader of a partition; -1 takes the leader away.</summary>
    public void Lead(string topic, int partition, int broker)
    {
        var name = Marshal.StringToCoTaskMemUTF8(topic);
        var code = ((delegate* unmanaged<nint, nint, int, int, ErrorCode>)Export("rd_kafka_mock_partition_set_leader"))(_cluster, name, partition, broker);
        Marshal.FreeCoTaskMem(name);
        Assert.Equal(ErrorCode.NoError, code);
    }

    public void Up() => ((delegate* unmanaged<nint, int, ErrorCode>)Export("rd_kafka_mock_broker_set_up"))(_cluster, -1);

    /// <summary>A broker, counted from 1, is advertised under another address than it listens on.</summary>
    public void Advertise(int broker, string host, int port)
    {
        var name = Marshal.StringToCoTaskMemUTF8(host);
        ((delegate* unmanaged<nint, int, nint, int, void>)Export("rd_kafka_mock_broker_set_host_port"))(_cluster, broker, name, port);
        Marshal.FreeCoTaskMem(name);
    }

    /// <summary>Every answer takes so long.</summary>
    public void Delay(TimeSpan time) =>
        ((delegate* unmanaged<nint, int, int, ErrorCode>)Export("rd_kafka_mock_broker_set_rtt"))(_cluster, -1, (int)time.TotalMilliseconds);

    public void Dispose()
    {
        ((delegate* unmanaged<nint, void>)Export("rd_kafka_mock_cluster_destroy"))(_cluster);
        Librdkafka.rd_kafka_destroy(_owner);
    }

    private static nint Export(string name) => NativeLibrary.GetExport(PackagedLibrdkafka.Handle, name);

    private void Fail(short api, ErrorCode[] errors)
    {
        fixed (ErrorCode* first = errors)
        {
            ((delegate* unmanaged<nint, short, nuint, ErrorCode*, void>)Export("rd_kafka_mock_push_request_errors_array"))(
                _cluster, api, (nuint)errors.Length, first);
        }
    }
}
