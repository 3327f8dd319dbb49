using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Portal.Engine.Sinks.Native;

/// <summary>
/// Makes Confluent.Kafka load the librdkafka of the package and no other. By its bare name it would take an older one of the system
/// wherever that has Debian's librdkafka-dev or its like, and fail at the first function that this one lacks.
/// </summary>
internal static class PackagedLibrdkafka
{
    // The package's builds, in the order in which Confluent.Kafka tries them: the plain one wants libsasl2.so.3, which Debian does not
    // have.
    private static readonly string[] Builds =
        ["librdkafka.so", "centos8-librdkafka.so", "alpine-librdkafka.so", "librdkafka.dylib", "librdkafka.dll"];

    private static readonly Lazy<nint> Library = new(Load);

    /// <summary>The loaded library; 0 when the package's files are not beside the program, and the usual search may find another.</summary>
    public static nint Handle => Library.Value;

    [ModuleInitializer]
    [SuppressMessage(
        "Usage", "CA2255", Justification = "It must stand before anybody's first Confluent.Kafka call, and changes nothing without one.")]
    internal static void Pin() => NativeLibrary.SetDllImportResolver(typeof(Confluent.Kafka.Library).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == "librdkafka" ? Handle : 0;

    private static nint Load()
    {
        var folders = $"{AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES")}{Path.PathSeparator}{AppContext.BaseDirectory}";
        var files = folders.Split(Path.PathSeparator).SelectMany(folder => Builds.Select(build => Path.Combine(folder, build)));
        foreach (var file in files.Where(File.Exists))
        {
            if (NativeLibrary.TryLoad(file, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
