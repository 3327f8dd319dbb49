namespace Portal.Engine;

/// <summary>The ids of everything that the engine logs, by area: 1xx pipelines, 2xx sources, 3xx sinks, 4xx probes.</summary>
internal static class EngineEvents
{
    public const int ProducerRenewed = 300;
    public const int ProducerIdle = 301;
    public const int ProducerEndsLate = 302;
    public const int KafkaClientError = 303;
    public const int KafkaClientLine = 304;
    public const int RecordRefused = 305;
}
