using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data;

namespace Portal.Server.DeadLetters;

/// <summary>The dead letters of all tasks, by reason. Only tasks that have written some are looked at, a few at a time.</summary>
internal sealed class DeadLetterOverview(IDbContextFactory<PortalDb> databases, DeadLetterPlaces places, DeadLetterTopic letters, TimeProvider time)
{
    private const int AtOnce = 4;

    public async Task<IReadOnlyList<DeadLetterSummary>> ReadAsync(string? region, TimeWindow window, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (from, to) = window.At(now);
        var filter = new DeadLetterFilter { From = from, To = to };
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var tasks = await db.ConnectorTasks
            .Where(task => region == null || task.Connection.MqttCluster.Region == region)
            .Where(task => db.TaskRuns.Any(run => run.TaskId == task.Id && run.DeadLettered > 0))
            .OrderBy(task => task.Name).Select(task => task.Id).ToListAsync(cancellationToken);
        using var turns = new SemaphoreSlim(AtOnce);
        var found = await Task.WhenAll(tasks.Select(async id =>
        {
            await turns.WaitAsync(cancellationToken);
            try
            {
                return await SummaryAsync(id, filter, now, cancellationToken);
            }
            finally
            {
                turns.Release();
            }
        }));
        return [.. found.OfType<DeadLetterSummary>().Where(one => one.Groups.Count > 0 || one.Problem is not null)];
    }

    private async Task<DeadLetterSummary?> SummaryAsync(string taskId, DeadLetterFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await places.FindAsync(taskId, cancellationToken)).Place is not { } place)
        {
            return null;
        }

        var found = new List<DeadLetterView>();
        var reading = await letters.ReadAsync(place.Task, place.Spec.Sink.Kafka, place.Topic, filter, DeadLetterReach.Newest, 0, letter =>
        {
            found.Add(DeadLetterViews.Of(letter));
            return true;
        }, cancellationToken);
        var problem = reading.IsMissing ? null : reading.Cause ?? reading.Problems.FirstOrDefault();
        return new DeadLetterSummary(taskId, place.Task.Name, place.Topic, DeadLetterViews.Groups(found, filter, now), problem, DeadLetterTopic.Unread(reading));
    }
}
