using Portal.Bench.Pipelines;

return args is ["pipeline", .. var rest]
    ? await PipelineBench.RunAsync(rest)
    : Usage();

static int Usage()
{
    Console.Error.WriteLine("usage: Portal.Bench pipeline --mqtt HOST:PORT --filter F --kafka BOOTSTRAP --topic T --clients N --qos Q --messages M");
    return 2;
}
