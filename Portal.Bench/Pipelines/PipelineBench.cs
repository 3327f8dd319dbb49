using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Engine;
using Portal.Engine.Mapping;
using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;
using Portal.Engine.Telemetry;

namespace Portal.Bench.Pipelines;

/// <summary>
/// Forwards a number of messages through a pipeline of the engine and prints what one cost, from the first message received to the last one
/// acknowledged: <c>RESULT n msg/s cpu n us/msg alloc n B/msg</c>. Allocation is that of the steady state: after the first tenth, when buffers
/// have grown to the size that the load needs.
/// </summary>
internal static class PipelineBench
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        PipelineBenchOptions options;
        try
        {
            options = PipelineBenchOptions.Parse(arguments);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }

        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new ErrorStreamLoggerProvider()))
            .AddConnectorEngine()
            .BuildServiceProvider();
        var time = services.GetRequiredService<TimeProvider>();
        await using var pipeline = new Pipeline(options.ToSpec(), new PipelineParts(
            services.GetRequiredService<IRecordMapperFactory>(),
            services.GetRequiredService<IRecordSinkFactory>(),
            time,
            services.GetRequiredService<EngineMetrics>(),
            services.GetRequiredService<ILoggerFactory>(),
            new FactFeed(time)));
        Compile(typeof(Pipeline).Assembly);
        pipeline.Start();
        return Measure(pipeline, options.Messages);
    }

    // What is compiled at first use would otherwise be compiled at the first message, and a run is too short to make that disappear.
    private static void Compile(Assembly engine)
    {
        const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        var types = engine.GetTypes().Where(type => !type.ContainsGenericParameters);
        foreach (var method in types.SelectMany(type => type.GetMethods(Declared)).Where(method => method is { IsAbstract: false, ContainsGenericParameters: false }))
        {
            try
            {
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
            catch (InvalidProgramException)
            {
                // What the compiler adds to a ref struct (its Equals) cannot be compiled, and is never called.
            }
        }
    }

    // On a thread of its own and without awaiting, so that looking costs next to nothing and allocates nothing.
    private static int Measure(Pipeline pipeline, long messages)
    {
        using var process = Process.GetCurrentProcess();
        while (pipeline.Books.Received == 0)
        {
            Thread.Sleep(Look);
        }

        process.Refresh();
        var began = Stopwatch.GetTimestamp();
        var cpu = process.TotalProcessorTime;
        var warmUp = messages / 10;
        var allocated = 0L;
        while (pipeline.Books is var books && books.Received - books.Open < messages)
        {
            if (allocated == 0 && books.Received >= warmUp)
            {
                allocated = GC.GetTotalAllocatedBytes();
                warmUp = books.Received;
            }

            if (pipeline.HasFailed)
            {
                Console.Error.WriteLine(pipeline.Snapshot().Cause);
                return 1;
            }

            Thread.Sleep(Look);
        }

        var wall = Stopwatch.GetElapsedTime(began);
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        Console.WriteLine(
            $"RESULT {messages / wall.TotalSeconds:F0} msg/s cpu {cpu.TotalMicroseconds / messages:F2} us/msg alloc {(double)allocated / (messages - warmUp):F1} B/msg");
        return 0;
    }
}
