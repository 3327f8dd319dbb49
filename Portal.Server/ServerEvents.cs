namespace Portal.Server;

/// <summary>The ids of everything this server logs. A range for each area; an id is never given to another event.</summary>
internal static class ServerEvents
{
    // 1000: start and data
    public const int StartRefused = 1000;
    public const int Ready = 1001;
    public const int FirstRun = 1002;
    public const int Migrated = 1003;
    public const int SandboxOff = 1004;
    public const int SandboxRegistered = 1005;
    public const int NotWritable = 1006;
    public const int WritableAgain = 1007;

    // 2000: security
    public const int ChangeDenied = 2000;
    public const int SignedIn = 2001;
    public const int SignInFailed = 2002;

    // 3000: clusters and connections
    public const int ConnectionChecked = 3000;

    // 4000: connector tasks
    public const int ReconcileFailed = 4000;
    public const int ApplyRefused = 4001;
    public const int SessionsOwed = 4002;
    public const int RoundFailed = 4003;
    public const int MarkFailed = 4004;
    public const int CompareFailed = 4005;

    // 5000: live
    public const int PumpFailed = 5000;
    public const int RecordingFailed = 5001;
    public const int FactsLost = 5002;
    public const int RunsClosedAfterCrash = 5003;
    public const int BacklogFailed = 5004;
    public const int FactsUnstored = 5005;

    // 6000: operations
    public const int OperationStopped = 6000;
    public const int OperationFailed = 6001;

    // 7000: REST

    // 8000: what is kept over time
    public const int FiguresNotKept = 8000;
    public const int PruneFailed = 8001;

    // 9000: drafts
    public const int DraftsPruned = 9000;
    public const int DraftPruningFailed = 9001;
}
