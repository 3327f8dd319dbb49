using Portal.Bench.Idle;
using Portal.Bench.Parts;
using Portal.Bench.Pipelines;

return args switch
{
    ["pipeline", .. var rest] => await PipelineBench.RunAsync(rest),
    ["idle", .. var rest] => await IdleBench.RunAsync(rest),
    ["parts", .. var rest] => PartsBench.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: Portal.Bench pipeline --mqtt HOST:PORT --filter F --kafka BOOTSTRAP --topic T --clients N --qos Q --messages M [--window W] [--sql CONDITION]
               Portal.Bench idle --mqtt HOST:PORT --kafka BOOTSTRAP --clients TASKS
               Portal.Bench parts [BenchmarkDotNet's arguments]
        """);
    return 2;
}
