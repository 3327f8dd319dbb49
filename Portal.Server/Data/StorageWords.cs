using Microsoft.Data.Sqlite;

namespace Portal.Server.Data;

internal static class StorageWords
{
    // https://sqlite.org/rescode.html
    public const int Full = 13;
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int CannotOpen = 14;
    private const int NoDatabase = 26;

    /// <summary>Cause and what to do when the disk, and not what was to be stored, is why a save failed; null when it is not.</summary>
    public static string? Of(SqliteException cause, string folder) => cause.SqliteErrorCode switch
    {
        Full => $"The disk of the data folder {folder} is full. Nothing was stored; tasks go on as they are. Free some space there and try again.",
        ReadOnly or InputOutput or CannotOpen =>
            $"The data folder {folder} cannot be written ({cause.Message}). Nothing was stored; tasks go on as they are. Look at its disk and its rights, and try again.",
        Busy => $"The database in {folder} was locked for too long. Nothing was stored; tasks go on as they are. Try again; if it stays so, another program has it open.",
        Corrupt or NoDatabase =>
            $"The database in {folder} is damaged ({cause.Message}). Nothing was stored; tasks go on as they are. Stop the server and restore a backup of the folder.",
        _ => null,
    };
}
