using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Bench.Pipelines;
using Portal.Engine;
using Portal.Engine.Pipelines;

namespace Portal.Bench.Idle;

/// <summary>
/// Starts many tasks of one client each that receive nothing, and prints how long that took and what they hold:
/// <c>RESULT n tasks s memory n MB threads n cpu n %</c>.
/// </summary>
internal static class IdleBench
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var options = PipelineBenchOptions.Parse(arguments);
        await using var services = new ServiceCollection().AddLogging().AddConnectorEngine().BuildServiceProvider();
        var supervisor = services.GetRequiredService<IPipelineSupervisor>();
        var ids = Enumerable.Range(0, options.Clients).Select(number => $"bench-{number:0000}").ToList();
        var began = Stopwatch.GetTimestamp();
        foreach (var id in ids)
        {
            await supervisor.ApplyAsync(options.ToSpec() with { Id = id, Clients = [0] }, CancellationToken.None);
        }

        while (ids.Any(id => supervisor.Find(id) is not { Status: PipelineStatus.Running }))
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                Console.Error.WriteLine(ids.Select(supervisor.Find).First(task => task is not { Status: PipelineStatus.Running })?.Cause ?? "A task does not run.");
                return 1;
            }

            Thread.Sleep(100);
        }

        var started = Stopwatch.GetElapsedTime(began);
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        Thread.Sleep(Rest);
        process.Refresh();
        var share = (process.TotalProcessorTime - cpu) / Rest;
        Console.WriteLine(
            $"RESULT {ids.Count} tasks {started.TotalSeconds:F1} s memory {process.WorkingSet64 / 1e6:F0} MB threads {process.Threads.Count} cpu {100 * share:F1} %");
        return 0;
    }
}
