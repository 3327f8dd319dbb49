namespace Portal.Sandbox;

/// <summary>Ids of log events: 3000 the sandbox itself, 3100 MQTT, 3300 devices.</summary>
internal static class SandboxEvents
{
    public const int Started = 3000;
    public const int Stopped = 3001;
    public const int StopStepFailed = 3002;

    public const int BrokerMessage = 3100;
    public const int DropsBegan = 3101;
    public const int DropsEnded = 3102;
    public const int SignInRefused = 3103;
    public const int SessionExpired = 3104;

    public const int DevicesStarted = 3300;
    public const int DeviceConnectionLost = 3301;
    public const int DeviceConnectionBack = 3302;
}
