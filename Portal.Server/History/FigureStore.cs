using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Server.Data;

namespace Portal.Server.History;

/// <summary>
/// Figures in the database: one row for each step and series in which anything flowed, in the order of time, so that new rows are written at
/// one end and old ones cut off at the other. The series of all tasks together has a row for every step in which the server ran: it tells a
/// task that was idle from a server that was off, and costs one row instead of one for each idle task.
/// </summary>
/// <remarks>
/// Past EF: a thousand inserts every five seconds need neither tracking nor change detection, and EF makes no table without row ids.
/// </remarks>
internal sealed class FigureStore(IDbContextFactory<PortalDb> databases)
{
    /// <summary>The name of the series of all tasks together.</summary>
    public const string Everything = "";

    private const long EverythingKey = 1;
    private const string Columns = "Seconds, Received, Confirmed, Bytes, Open, P50, P95, P99, DeadLettered, Discarded, Expired, Abandoned, Reconnects";
    private static readonly FigureStep[] CoarseFirst = [FigureStep.TenMinutes, FigureStep.OneMinute, FigureStep.FiveSeconds];

    private readonly Dictionary<string, long> _keys = new() { [Everything] = EverythingKey };

    /// <summary>The name of the series of a region.</summary>
    public static string OfRegion(string code) => $"region/{code}";

    /// <summary>Stores what flowed in one step of five seconds. Called again for the same step, as after a quick restart, it adds. Not for concurrent use.</summary>
    public async Task AppendAsync(long slot, IReadOnlyCollection<(string Series, Figures Figures)> rows, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        var added = new Dictionary<string, long>();
        await using (var transaction = connection.BeginTransaction())
        {
            await using var insert = Command(
                connection,
                $"""
                INSERT INTO Figures (Step, Slot, Series, {Columns})
                VALUES (5, $slot, $series, $f0, $f1, $f2, $f3, $f4, $f5, $f6, $f7, $f8, $f9, $f10, $f11, $f12)
                ON CONFLICT DO UPDATE SET
                    Seconds = Seconds + excluded.Seconds, Received = Received + excluded.Received, Confirmed = Confirmed + excluded.Confirmed,
                    Bytes = Bytes + excluded.Bytes, Open = MAX(Open, excluded.Open), P50 = COALESCE(excluded.P50, P50),
                    P95 = COALESCE(excluded.P95, P95), P99 = COALESCE(excluded.P99, P99), DeadLettered = DeadLettered + excluded.DeadLettered,
                    Discarded = Discarded + excluded.Discarded, Expired = Expired + excluded.Expired,
                    Abandoned = Abandoned + excluded.Abandoned, Reconnects = Reconnects + excluded.Reconnects
                """);
            insert.Transaction = transaction;
            foreach (var (series, figures) in rows)
            {
                if (!_keys.TryGetValue(series, out var key) && !added.TryGetValue(series, out key))
                {
                    added[series] = key = await KeyAsync(connection, transaction, series, cancellationToken);
                }

                Bind(insert, slot, key, figures);
                await insert.ExecuteNonQueryAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        // Only what was committed is remembered.
        foreach (var (series, key) in added)
        {
            _keys[series] = key;
        }
    }

    /// <summary>Adds up the finished steps of five seconds into minutes, and those into ten minutes; a second call finds nothing to do.</summary>
    public async Task RollUpAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        foreach (var (from, to) in new[] { (FigureStep.FiveSeconds, FigureStep.OneMinute), (FigureStep.OneMinute, FigureStep.TenMinutes) })
        {
            await using var add = Command(
                connection,
                $"""
                INSERT INTO Figures (Step, Slot, Series, {Columns})
                SELECT $to, Slot / $to * $to, Series, SUM(Seconds), SUM(Received), SUM(Confirmed), SUM(Bytes), MAX(Open),
                    CAST(SUM(P50 * Confirmed) / NULLIF(SUM(CASE WHEN P50 IS NULL THEN 0 ELSE Confirmed END), 0) AS INTEGER), MAX(P95), MAX(P99),
                    SUM(DeadLettered), SUM(Discarded), SUM(Expired), SUM(Abandoned), SUM(Reconnects)
                FROM Figures
                WHERE Step = $from AND Slot >= COALESCE((SELECT MAX(Slot) + $to FROM Figures WHERE Step = $to), 0) AND Slot < $until
                GROUP BY Slot / $to, Series
                """);
            add.Parameters.AddWithValue("$from", (int)from);
            add.Parameters.AddWithValue("$to", (int)to);
            add.Parameters.AddWithValue("$until", Floor(now, to));
            await add.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Forgets what is older than it is kept. What was not yet added up into longer steps must be rolled up before.</summary>
    public async Task PruneAsync(DateTimeOffset now, RetentionOptions kept, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var step in CoarseFirst)
        {
            var limit = Floor(now - kept.Of(step), step);
            await db.Database.ExecuteSqlAsync($"DELETE FROM Figures WHERE Step = {(int)step} AND Slot < {limit}", cancellationToken);
        }
    }

    /// <summary>
    /// The steps of a series between two times, oldest first. What is not yet added up into the step is added up here, so the last one may
    /// still grow. A step in which the server ran and nothing flowed has zeros; one in which it was off is left out.
    /// </summary>
    public async Task<IReadOnlyList<FigureRow>> ReadAsync(
        string series, FigureStep step, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        // One transaction is one view of the database: a roll-up in the middle would show something twice or not at all.
        await using var view = connection.BeginTransaction(deferred: true);
        var rows = new List<FigureRow>();
        var (at, end) = (Floor(from, step), to.ToUnixTimeSeconds());
        foreach (var one in CoarseFirst.SkipWhile(one => one != step))
        {
            await using var read = Command(
                connection,
                """
                WITH RECURSIVE Steps(At) AS (SELECT $at WHERE $at < $end UNION ALL SELECT At + $step FROM Steps WHERE At + $step < $end)
                SELECT At, Ran.Seconds, Mine.Received, Mine.Confirmed, Mine.Bytes, Mine.Open, Mine.P50, Mine.P95, Mine.P99,
                    Mine.DeadLettered, Mine.Discarded, Mine.Expired, Mine.Abandoned, Mine.Reconnects
                FROM Steps
                JOIN Figures AS Ran ON Ran.Step = $step AND Ran.Slot = At AND Ran.Series = 1
                LEFT JOIN Figures AS Mine ON Mine.Step = $step AND Mine.Slot = At
                    AND Mine.Series = (SELECT "Key" FROM FigureSeries WHERE Name = $series)
                ORDER BY At
                """);
            read.Transaction = view;
            read.Parameters.AddWithValue("$at", at);
            read.Parameters.AddWithValue("$end", end);
            read.Parameters.AddWithValue("$step", (int)one);
            read.Parameters.AddWithValue("$series", series);
            await using var reader = await read.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(Row(reader));
            }

            at = Math.Max(at, await RolledUntilAsync(connection, view, one, cancellationToken));
        }

        return FigureRow.Join(rows, step);
    }

    /// <summary>How many messages of each task failed since a time, whatever way, the most first; tasks without failures are left out.</summary>
    public async Task<IReadOnlyList<(string TaskId, long Count)>> FailuresAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var read = Command(
            (SqliteConnection)db.Database.GetDbConnection(),
            """
            WITH Rolled(Until) AS (SELECT COALESCE(MAX(Slot) + 60, 0) FROM Figures WHERE Step = 60),
            Failed(Series, Count) AS (
                SELECT Series, DeadLettered + Discarded + Expired + Abandoned FROM Figures WHERE Step = 60 AND Slot >= $since
                UNION ALL
                SELECT Series, DeadLettered + Discarded + Expired + Abandoned FROM Figures
                WHERE Step = 5 AND Slot >= MAX($since, (SELECT Until FROM Rolled)))
            SELECT Name, SUM(Count) AS Sum FROM Failed JOIN FigureSeries ON "Key" = Series
            WHERE Count > 0 AND Name LIKE 'task-%' GROUP BY Name ORDER BY Sum DESC, Name LIMIT 100
            """);
        read.Parameters.AddWithValue("$since", since.ToUnixTimeSeconds());
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var failures = new List<(string, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            failures.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return failures;
    }

    /// <summary>The beginning of the step that a time falls into, in seconds since 1970.</summary>
    public static long Floor(DateTimeOffset at, FigureStep step)
    {
        var seconds = at.ToUnixTimeSeconds();
        return seconds - (seconds % (int)step);
    }

    private static async Task<long> RolledUntilAsync(SqliteConnection connection, SqliteTransaction view, FigureStep step, CancellationToken cancellationToken)
    {
        await using var last = Command(connection, "SELECT COALESCE(MAX(Slot) + $step, 0) FROM Figures WHERE Step = $step");
        last.Transaction = view;
        last.Parameters.AddWithValue("$step", (int)step);
        return (long)(await last.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<long> KeyAsync(SqliteConnection connection, SqliteTransaction transaction, string series, CancellationToken cancellationToken)
    {
        await using var key = Command(
            connection,
            """
            INSERT INTO FigureSeries (Name) VALUES ($name) ON CONFLICT DO NOTHING;
            SELECT "Key" FROM FigureSeries WHERE Name = $name
            """);
        key.Transaction = transaction;
        key.Parameters.AddWithValue("$name", series);
        return (long)(await key.ExecuteScalarAsync(cancellationToken))!;
    }

    private static SqliteCommand Command(SqliteConnection connection, string text)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this file.
        command.CommandText = text;
#pragma warning restore CA2100
        return command;
    }

    private static void Bind(SqliteCommand insert, long slot, long key, in Figures figures)
    {
        ReadOnlySpan<long?> values =
        [
            figures.Seconds, figures.Received, figures.Confirmed, figures.Bytes, figures.Open, figures.P50, figures.P95, figures.P99,
            figures.DeadLettered, figures.Discarded, figures.Expired, figures.Abandoned, figures.Reconnects,
        ];
        if (insert.Parameters.Count == 0)
        {
            insert.Parameters.Add("$slot", SqliteType.Integer);
            insert.Parameters.Add("$series", SqliteType.Integer);
            for (var index = 0; index < values.Length; index++)
            {
                insert.Parameters.Add($"$f{index}", SqliteType.Integer);
            }
        }

        (insert.Parameters[0].Value, insert.Parameters[1].Value) = (slot, key);
        for (var index = 0; index < values.Length; index++)
        {
            insert.Parameters[index + 2].Value = (object?)values[index] ?? DBNull.Value;
        }
    }

    private static FigureRow Row(SqliteDataReader reader)
    {
        return new FigureRow(
            reader.GetInt64(0),
            new Figures(Value(1) ?? 0, Value(2) ?? 0, Value(3) ?? 0, Value(4) ?? 0, Value(5) ?? 0, Value(6), Value(7), Value(8), Value(9) ?? 0, Value(10) ?? 0, Value(11) ?? 0, Value(12) ?? 0, Value(13) ?? 0));

        long? Value(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    }
}
