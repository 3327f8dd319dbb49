using Portal.Engine.Mapping;
using Portal.Engine.Sinks;

namespace Portal.Engine.Pipelines;

/// <summary>What all clients of a pipeline send through, and whether they may.</summary>
internal sealed class PipelineFlow(IRecordMapper mapper)
{
    private IRecordMapper _mapper = mapper;
    private IRecordSink? _sink;
    private bool _open;
    private Throttle? _throttle;

    /// <summary>Swapped as a whole: every message is mapped by one mapper, the next perhaps by another.</summary>
    public IRecordMapper Mapper
    {
        get => Volatile.Read(ref _mapper);
        set => Volatile.Write(ref _mapper, value);
    }

    /// <summary>Set once, before the clients start.</summary>
    public IRecordSink Sink
    {
        get => _sink!;
        set => _sink = value;
    }

    /// <summary>Slows the clients together; null without a limit.</summary>
    public Throttle? Throttle
    {
        get => Volatile.Read(ref _throttle);
        set => Volatile.Write(ref _throttle, value);
    }

    /// <summary>False while Kafka does not answer or refuses: then nothing more is handed over, so that message expiry can still be honoured.</summary>
    public bool IsOpen
    {
        get => Volatile.Read(ref _open);
        set => Volatile.Write(ref _open, value);
    }
}
