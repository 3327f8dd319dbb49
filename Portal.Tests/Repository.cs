namespace Portal.Tests;

/// <summary>Where the checkout is, for tests that look at files or start built programs.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "ConnectorPortal.sln"))
            ? folder
            : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("ConnectorPortal.sln is not above the test program."));
}
