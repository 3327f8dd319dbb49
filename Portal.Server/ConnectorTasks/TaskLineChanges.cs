using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Server.Data.Entities;

namespace Portal.Server.ConnectorTasks;

/// <summary>
/// Counts the saves that may have changed a <see cref="TaskLine"/>. It sees every save of a context; a statement that goes past the context
/// has to call <see cref="Add"/> when it is through.
/// </summary>
internal sealed class TaskLineChanges : SaveChangesInterceptor
{
    private long _last;

    public long Last => Volatile.Read(ref _last);

    public void Add() => Interlocked.Increment(ref _last);

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        // What was changed is known only now, and counts only when it is stored.
        var db = eventData.Context!;
        if (db.ChangeTracker.Entries().Any(entry => entry.State != EntityState.Unchanged && entry.Entity is ConnectorTask or Connection or KafkaInstance or MqttCluster))
        {
            db.SavedChanges += (_, _) => Add();
        }

        return ValueTask.FromResult(result);
    }
}
