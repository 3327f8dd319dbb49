using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Connections;
using Portal.Server.Connections.Probing;
using Portal.Server.Data;

namespace Portal.Server.Clusters;

/// <summary>What tests, and tasks at work, tell of the clusters and the instances.</summary>
internal sealed class ClusterHealths(ConnectionQueries connections)
{
    private const string Outdated = "It was changed after the last tests of its connections, which were of the old address. Test one to see whether it works.";

    // So many tests back is looked for since when they end alike.
    private const int Depth = 20;

    public async Task<IReadOnlyList<ClusterHealth>> ReadAsync(PortalDb db, CancellationToken cancellationToken) =>
        [.. await OfMqttAsync(db, cancellationToken), .. await OfKafkaAsync(db, cancellationToken)];

    private static async Task<List<ClusterHealth>> OfKafkaAsync(PortalDb db, CancellationToken cancellationToken)
    {
        var rows = await db.KafkaInstances.AsNoTracking().Select(row => new
        {
            row.Id,
            row.AddressChangedAt,
            Checks = db.KafkaChecks.Where(check => check.KafkaInstanceId == row.Id).OrderByDescending(check => check.Id).Take(Depth).ToList(),
        }).ToListAsync(cancellationToken);
        return
        [
            .. rows.Where(row => row.Checks.Count > 0).Select(row =>
            {
                var (newest, passed) = (row.Checks[0], row.Checks[0].Report.Passed);
                return newest.At < row.AddressChangedAt
                    ? new ClusterHealth(row.Id, ConnectionStatus.Outdated)
                    {
                        CheckedAt = newest.At,
                        Since = row.AddressChangedAt,
                        Cause = "It was changed after its last test, which was of the old address or credentials. Test it to see whether it works.",
                    }
                    : new ClusterHealth(row.Id, passed ? ConnectionStatus.Running : ConnectionStatus.Abnormal)
                    {
                        CheckedAt = newest.At,
                        Since = row.Checks.TakeWhile(check => check.Report.Passed == passed && !(check.At < row.AddressChangedAt)).Last().At,
                        Cause = ProbeReports.Cause(newest.Report),
                    };
            }),
        ];
    }

    private async Task<List<ClusterHealth>> OfMqttAsync(PortalDb db, CancellationToken cancellationToken)
    {
        // One that nobody has tested, and nobody complains of, tells nothing.
        var clusters = (await connections.StandingsAsync(db, cancellationToken))
            .Where(one => one.CheckedAt is not null || one.Status != ConnectionStatus.Running)
            .GroupBy(one => one.ClusterId, (_, of) => of.OrderByDescending(Rank).ThenByDescending(one => one.CheckedAt).ToList())
            .ToList();
        var tellers = clusters.ConvertAll(of => of[0].Id);
        var checks = (await db.Connections.AsNoTracking().Where(row => tellers.Contains(row.Id))
                .Select(row => new
                {
                    row.Id,
                    Checks = db.ConnectionChecks.Where(check => check.ConnectionId == row.Id).OrderByDescending(check => check.Id).Take(Depth).ToList(),
                }).ToListAsync(cancellationToken))
            .ToDictionary(row => row.Id, row => row.Checks);
        return clusters.ConvertAll(of =>
        {
            var (teller, apart) = (of[0], of.Count(one => Rank(one) != Rank(of[0])));
            return new ClusterHealth(teller.ClusterId, teller.Status)
            {
                CheckedAt = of.Max(one => one.CheckedAt),
                Since = teller.Status switch
                {
                    ConnectionStatus.Outdated => teller.AddressChangedAt,
                    ConnectionStatus.Running or ConnectionStatus.Abnormal => checks.GetValueOrDefault(teller.Id)?
                        .TakeWhile(check => check.Report.Passed == (teller.Status == ConnectionStatus.Running) && !(check.At < teller.AddressChangedAt))
                        .LastOrDefault()?.At,
                    _ => null,
                },
                Cause = (teller.Status == ConnectionStatus.Outdated ? Outdated : teller.Cause) ?? (apart == 0 ? null : $"{apart} of its {of.Count} connections {(apart == 1 ? "is" : "are")} not available."),
            };
        });
    }

    // A broker that lets one in works, whatever the others' passwords are.
    private static int Rank(ConnectionQueries.Standing one) => one.Status switch
    {
        ConnectionStatus.Running => 3,
        ConnectionStatus.Changing => 2,
        ConnectionStatus.Outdated => 0,
        _ => 1,
    };
}
