using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Client.Contracts;
using Portal.Server.Live;

namespace Portal.Server.Data;

/// <summary>
/// Knows whether the database can be written. A save, or the commit of several, that fails for a reason of the disk ends as a
/// <see cref="StorageException"/>, whose words every door passes on; it is told once when this begins and once when it is over, however many
/// saves fail between.
/// </summary>
internal sealed partial class StorageWatch(DataFolder folder, TimeProvider time, ILogger<StorageWatch> logger)
    : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private readonly Lock _lock = new();
    private readonly LatestValues<StorageTrouble> _told = new(_ => "", time);
    private StorageTrouble? _trouble;

    /// <summary>What is wrong, or null.</summary>
    public StorageTrouble? Trouble => Volatile.Read(ref _trouble);

    /// <summary>The last trouble, if there was one, and each that begins or ends.</summary>
    public LiveWatch<IReadOnlyList<StorageTrouble>> Watch() => _told.Watch();

    /// <summary>Takes in a failure of a statement that went past the context.</summary>
    /// <returns>Whether it is one of the disk; then it is told already.</returns>
    public bool IsOfStorage(Exception failure) => failure is StorageException || Take(failure) is not null;

    /// <summary>Something was stored.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _trouble) is null)
        {
            return;
        }

        lock (_lock)
        {
            if (_trouble is { } trouble)
            {
                Volatile.Write(ref _trouble, null);
                _told.Publish(trouble with { IsOver = true });
                Log.WritableAgain(logger, folder.Path, trouble.Since);
            }
        }
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        // A save without a change writes nothing, and proves nothing; nor does one whose transaction has yet to be committed.
        if (result > 0 && eventData.Context?.Database.CurrentTransaction is null)
        {
            Succeeded();
        }

        return ValueTask.FromResult(result);
    }

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default) =>
        Take(eventData.Exception) is { } told ? throw told : Task.CompletedTask;

    // A full disk is noticed here: until the commit the changes stand in memory.
    public Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default) =>
        Take(eventData.Exception) is { } told ? throw told : Task.CompletedTask;

    private StorageException? Take(Exception failure)
    {
        if ((failure as SqliteException ?? failure.InnerException as SqliteException) is not { } cause || StorageWords.Of(cause, folder.Path) is not { } text)
        {
            return null;
        }

        lock (_lock)
        {
            if (_trouble is null)
            {
                Volatile.Write(ref _trouble, new StorageTrouble(text, time.GetUtcNow()));
                _told.Publish(_trouble!);
                Log.NotWritable(logger, text, cause);
            }
        }

        return new StorageException(text, failure);
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.NotWritable, LogLevel.Error, "Nothing can be stored: {Cause}")]
        public static partial void NotWritable(ILogger logger, string cause, Exception failure);

        [LoggerMessage(ServerEvents.WritableAgain, LogLevel.Information, "{Folder} can be written again; it could not since {Since}")]
        public static partial void WritableAgain(ILogger logger, string folder, DateTimeOffset since);
    }
}
