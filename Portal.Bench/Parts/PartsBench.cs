using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Portal.Bench.Parts;

/// <summary>What the small parts cost for one message, by BenchmarkDotNet.</summary>
internal static class PartsBench
{
    public static int Run(string[] arguments)
    {
        // In this process: the one that BenchmarkDotNet would build beside it knows nothing of central package versions and output folders.
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(ConsoleLogger.Default)
            .AddExporter(MarkdownExporter.Console)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "portal-bench"));
        string[] all = ["--filter", "*"];
        BenchmarkSwitcher.FromAssembly(typeof(PartsBench).Assembly).Run(arguments.Length == 0 ? all : arguments, config);
        return 0;
    }
}
