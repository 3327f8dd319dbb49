namespace Portal.Server.Data;

/// <summary>Where everything that must survive a restart is kept: the database, and the keys that its secrets are encrypted with.</summary>
internal sealed class DataFolder(string path) : IDisposable
{
    public const string Setting = "Data:Folder";

    private FileStream? _lock;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Database => System.IO.Path.Combine(Path, "portal.db");

    public string Keys => System.IO.Path.Combine(Path, "keys");

    public static DataFolder From(IConfiguration settings) => new(settings[Setting] is { Length: > 0 } path ? path : "data");

    /// <summary>
    /// Makes the folder, proves that it can be written, and takes it for this process alone: two servers on one folder would use the same
    /// MQTT client ids and throw each other out for ever. The lock ends with the process, however that ends.
    /// </summary>
    /// <exception cref="StartRefusedException">With the setting and the cause.</exception>
    public void Take()
    {
        try
        {
            Make(Path);
            Make(Keys);
            var proof = System.IO.Path.Combine(Path, ".writable");
            File.WriteAllText(proof, "");
            File.Delete(proof);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new StartRefusedException(
                $"{Setting} is '{Path}', which cannot be written: {cause.Message} Name another folder, or give this user the right to write there.",
                cause);
        }

        try
        {
            _lock = new FileStream(System.IO.Path.Combine(Path, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException cause)
        {
            throw new StartRefusedException(
                $"{Setting} is '{Path}', whose file .lock this user may not write: {cause.Message} Give this user the files in it, or name another folder.", cause);
        }
        catch (IOException cause)
        {
            throw new StartRefusedException(
                $"{Setting} is '{Path}', which another Connector Portal is using now. Stop that one, or name another folder.", cause);
        }
    }

    public void Dispose() => _lock?.Dispose();

    private static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            // Only for the user that runs the server: the keys in it open every stored password.
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
