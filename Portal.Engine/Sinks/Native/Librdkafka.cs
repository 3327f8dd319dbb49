using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Portal.Engine.Sinks.Native;

/// <summary>
/// The part of librdkafka's C interface that the sink calls directly; rdkafka.h of the package's version describes each function.
/// Confluent.Kafka's producer would allocate about 1.2 kB a message and call back once for each.
/// </summary>
internal static unsafe partial class Librdkafka
{
    public const int Producer = 0;
    public const int AnyPartition = -1;
    public const int DeliveryReports = 0x1;
    public const int Logs = 0x4;
    public const int Errors = 0x8;

    private const string Library = "librdkafka";

    static Librdkafka() => NativeLibrary.SetDllImportResolver(typeof(Librdkafka).Assembly, Resolve);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_conf_new();

    [LibraryImport(Library)]
    public static partial void rd_kafka_conf_destroy(nint conf);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rd_kafka_conf_set(nint conf, string name, string value, byte* error, nuint size);

    [LibraryImport(Library)]
    public static partial void rd_kafka_conf_set_events(nint conf, int events);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_new(int type, nint conf, byte* error, nuint size);

    [LibraryImport(Library)]
    public static partial void rd_kafka_destroy(nint handle);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_queue_get_main(nint handle);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_set_log_queue(nint handle, nint queue);

    [LibraryImport(Library)]
    public static partial void rd_kafka_queue_destroy(nint queue);

    [LibraryImport(Library)]
    public static partial void rd_kafka_queue_yield(nint queue);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_queue_poll(nint queue, int milliseconds);

    [LibraryImport(Library)]
    public static partial int rd_kafka_event_type(nint @event);

    [LibraryImport(Library)]
    public static partial nuint rd_kafka_event_message_count(nint @event);

    [LibraryImport(Library)]
    public static partial nuint rd_kafka_event_message_array(nint @event, NativeMessage** messages, nuint size);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_event_error(nint @event);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_event_error_string(nint @event);

    [LibraryImport(Library)]
    public static partial int rd_kafka_event_error_is_fatal(nint @event);

    [LibraryImport(Library)]
    public static partial int rd_kafka_event_log(nint @event, nint* facility, nint* text, int* level);

    [LibraryImport(Library)]
    public static partial void rd_kafka_event_destroy(nint @event);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_fatal_error(nint handle, byte* text, nuint size);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_flush(nint handle, int milliseconds);

    [LibraryImport(Library)]
    public static partial int rd_kafka_outq_len(nint handle);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint rd_kafka_topic_new(nint handle, string name, nint conf);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_topic_name(nint topic);

    [LibraryImport(Library)]
    public static partial void rd_kafka_topic_destroy(nint topic);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_metadata(nint handle, int allTopics, nint onlyTopic, NativeMetadata** metadata, int milliseconds);

    [LibraryImport(Library)]
    public static partial void rd_kafka_metadata_destroy(NativeMetadata* metadata);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_produceva(nint handle, ProduceArgument* arguments, nuint count);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_error_code(nint error);

    [LibraryImport(Library)]
    public static partial void rd_kafka_error_destroy(nint error);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_headers_new(nuint count);

    [LibraryImport(Library)]
    public static partial void rd_kafka_headers_destroy(nint headers);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_header_add(nint headers, byte* name, nint nameLength, byte* value, nint valueLength);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_message_headers(NativeMessage* message, nint* headers);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_header_get_all(nint headers, nuint index, byte** name, byte** value, nuint* length);

    [LibraryImport(Library)]
    public static partial long rd_kafka_message_timestamp(NativeMessage* message, int* kind);

    /// <summary>A text that librdkafka owns.</summary>
    public static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name != Library ? 0
        : PackagedLibrdkafka.Handle is var handle and not 0 ? handle
        : throw new DllNotFoundException(
            "librdkafka could not be loaded. It comes with the package librdkafka.redist: publish the program for this system "
            + $"({RuntimeInformation.RuntimeIdentifier}), or check that its folder 'runtimes' was copied along.");
}
