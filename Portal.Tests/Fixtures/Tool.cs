using System.Diagnostics;

namespace Portal.Tests.Fixtures;

/// <summary>A program that may be installed on this machine.</summary>
internal static class Tool
{
    // sbin too: Debian puts mosquitto there, and an ordinary user's PATH leaves it out.
    private static readonly string[] Folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"];

    /// <summary>Its path, or null.</summary>
    public static string? Find(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Its path; skips the test by name when it is not installed.</summary>
    public static string Require(string name, string package)
    {
        var path = Find(name);
        Assert.SkipWhen(path is null, $"{name} is not installed (Debian package {package})");
        return path!;
    }

    /// <summary>Runs it to its end and gives what it wrote.</summary>
    public static async Task<string> RunAsync(string path, params string[] arguments)
    {
        using var process = Start(path, arguments);
        // Both are read to the end at once: a full pipe would stop the program.
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(path)} ended with {process.ExitCode}: {await error}");
        return await output;
    }

    /// <summary>Starts it and leaves it running.</summary>
    public static Process Start(string path, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
