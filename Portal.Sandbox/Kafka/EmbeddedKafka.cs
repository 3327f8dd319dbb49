using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Portal.Sandbox.Kafka;

/// <summary>
/// A Kafka of one broker in this process's memory: librdkafka's mock cluster behind a fixed port. It speaks the real protocol, any client
/// may write and read it, and it forgets everything at the end.
/// </summary>
/// <remarks>
/// It knows no CreateTopics and no DescribeConfigs: topics are made by <see cref="CreateTopic"/>, or with <see cref="DefaultPartitions"/>
/// partitions by the first client that asks for them.
/// </remarks>
public sealed partial class EmbeddedKafka : IAsyncDisposable
{
    /// <summary>What it keeps of each partition, in bytes; older records are forgotten first.</summary>
    public const int RetainedBytesPerPartition = 5 * 1024 * 1024;

    /// <summary>What it keeps of each partition at most, in record batches.</summary>
    public const int RetainedBatchesPerPartition = 100_000;

    /// <summary>The partitions of a topic that a client's first request made.</summary>
    public const int DefaultPartitions = 4;

    private const int TheBroker = 1;

    private readonly Lock _gate = new();
    private readonly PortRelay _relay;
    private readonly nint _handle;
    private nint _cluster;

    private EmbeddedKafka(nint handle, nint cluster, PortRelay relay, string host)
    {
        _handle = handle;
        _cluster = cluster;
        _relay = relay;
        Port = relay.Port;
        Bootstrap = $"{host}:{Port}";
    }

    /// <summary>The port that clients connect to.</summary>
    public int Port { get; }

    /// <summary>What a client puts into <c>bootstrap.servers</c>.</summary>
    public string Bootstrap { get; }

    /// <summary>Starts it on this address; port 0 takes any free one.</summary>
    /// <exception cref="SocketException">The port is taken, or the address is not one of this machine.</exception>
    /// <exception cref="EmbeddedKafkaException">librdkafka refused to make a cluster.</exception>
    public static EmbeddedKafka Start(IPAddress host, int port)
    {
        var (handle, cluster) = CreateCluster();
        try
        {
            var bootstrap = NativeKafka.Bootstraps(cluster);
            var mockPort = int.Parse(bootstrap[(bootstrap.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
            var relay = PortRelay.Open(new IPEndPoint(host, port), new IPEndPoint(IPAddress.Loopback, mockPort));
            var name = host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any) ? "127.0.0.1" : host.ToString();
            NativeKafka.Advertise(cluster, TheBroker, name, relay.Port);
            return new EmbeddedKafka(handle, cluster, relay, host.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{name}]" : name);
        }
        catch
        {
            NativeKafka.DestroyCluster(cluster);
            NativeKafka.DestroyHandle(handle);
            throw;
        }
    }

    /// <summary>Makes a topic; one that exists stays as it is.</summary>
    /// <exception cref="EmbeddedKafkaException">The name or the number of partitions is one that no Kafka would take.</exception>
    public void CreateTopic(string name, int partitions, int replicas = 1)
    {
        const int TopicAlreadyExists = 36;
        // The mock cluster itself takes anything.
        if (partitions < 1 || name.Length > 249 || name is "." or ".." || !LegalName().IsMatch(name))
        {
            throw new EmbeddedKafkaException(
                $"The topic \"{name}\" with {partitions} partitions cannot be made: "
                + "a name has 1 to 249 letters, digits, '.', '_' and '-', and a topic at least one partition.");
        }

        WithCluster(cluster =>
        {
            // The one broker can hold one replica; asking a sandbox for three is no reason to fail.
            var error = NativeKafka.CreateTopic(cluster, name, partitions, Math.Min(replicas, 1));
            if (error is not (0 or TopicAlreadyExists))
            {
                throw new EmbeddedKafkaException($"The topic \"{name}\" was refused: {NativeKafka.DescribeError(error)}.");
            }
        });
    }

    /// <summary>Removes a topic with everything in it; one that does not exist is no error.</summary>
    public void DeleteTopic(string name) => WithCluster(cluster => _ = NativeKafka.DeleteTopic(cluster, name));

    /// <summary>Closes every connection and refuses new ones, until <see cref="SetUp"/>.</summary>
    public void SetDown() => WithCluster(cluster => _ = NativeKafka.SetBrokerDown(cluster, TheBroker));

    /// <summary>Answers again.</summary>
    public void SetUp() => WithCluster(cluster => _ = NativeKafka.SetBrokerUp(cluster, TheBroker));

    /// <summary>Delays every answer.</summary>
    public void SetRoundTrip(TimeSpan delay) =>
        WithCluster(cluster => _ = NativeKafka.SetRoundTrip(cluster, TheBroker, (int)delay.TotalMilliseconds));

    /// <summary>Answers the next requests of this kind with these error codes, one each.</summary>
    /// <param name="apiKey">The request of the Kafka protocol, for example 0 for Produce.</param>
    /// <param name="errors">Error codes of the Kafka protocol.</param>
    public void FailRequests(short apiKey, params int[] errors) =>
        WithCluster(cluster => NativeKafka.PushErrors(cluster, apiKey, errors.Length, errors));

    /// <summary>Forgets what <see cref="FailRequests"/> left.</summary>
    public void ForgetFailures(short apiKey) => WithCluster(cluster => NativeKafka.ClearErrors(cluster, apiKey));

    /// <summary>Closes the port, then the cluster. Twice is safe.</summary>
    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        await Task.Run(() =>
        {
            lock (_gate)
            {
                if (_cluster != 0)
                {
                    NativeKafka.DestroyCluster(_cluster);
                    NativeKafka.DestroyHandle(_handle);
                    _cluster = 0;
                }
            }
        });
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9._-]+\z")]
    private static partial Regex LegalName();

    private static (nint Handle, nint Cluster) CreateCluster()
    {
        var configuration = NativeKafka.NewConfiguration();
        // By default it writes to standard error whatever a client of the cluster does wrong.
        NativeKafka.SetLogCallback(configuration, 0);
        var handle = NativeKafka.NewHandle(NativeKafka.Producer, configuration, 0, 0);
        if (handle == 0)
        {
            throw new EmbeddedKafkaException("librdkafka did not start; is the machine out of memory or threads?");
        }

        var cluster = NativeKafka.NewCluster(handle, TheBroker);
        if (cluster != 0)
        {
            return (handle, cluster);
        }

        NativeKafka.DestroyHandle(handle);
        throw new EmbeddedKafkaException("librdkafka could not open a port for its mock cluster.");
    }

    private void WithCluster(Action<nint> action)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_cluster == 0, this);
            action(_cluster);
        }
    }
}
