namespace Portal.Engine.Telemetry;

/// <summary>The ids of everything the engine logs. A number is never used twice.</summary>
public static class EngineEvents
{
#pragma warning disable CS1591 // The names say it; the messages stand beside their use.
    // 1000: supervisor and pipelines
    public const int PipelineStarted = 1000;
    public const int PipelineSwapped = 1001;
    public const int PipelineRetired = 1002;
    public const int PipelineFailed = 1003;
    public const int PipelineStatusChanged = 1004;
    public const int SinkRecovering = 1005;
    public const int MessageRefused = 1006;
    public const int PipelineScaled = 1009;

    // 1100: clients and sessions
    public const int SessionBegan = 1100;
    public const int SessionEnded = 1101;
    public const int SessionFailed = 1102;
    public const int GrantBelowAsked = 1103;
    public const int ClientStoodStill = 1105;

    // 1200: sinks
    public const int ProducerRenewed = 1200;
    public const int ProducerIdle = 1201;
    public const int ProducerEndsLate = 1202;
    public const int KafkaClientError = 1203;
    public const int KafkaClientLine = 1204;
    public const int ProducerBroken = 1205;
    public const int ProducerNotBegun = 1206;
#pragma warning restore CS1591
}
