namespace Portal.Client;

/// <summary>The ids of what the client logs.</summary>
internal static class ClientEvents
{
    // 100 pages
    public const int PageFailed = 100;
}
