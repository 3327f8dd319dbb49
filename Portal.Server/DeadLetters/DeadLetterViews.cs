using System.Globalization;
using System.Text;
using Portal.Client.Contracts;
using Portal.Engine.Replay;
using Portal.Server.Data.Entities;

namespace Portal.Server.DeadLetters;

/// <summary>From the engine's dead letters to those of the contract.</summary>
internal static class DeadLetterViews
{
    private const string ClientHeader = "$__publisherClientId";
    private const int BarCount = 24;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static DeadLetterView Of(DeadLetter letter) => new()
    {
        Key = new DeadLetterKey(letter.Record.Partition, letter.Record.Offset),
        At = letter.At,
        Group = DeadLetterTopic.GroupOf(letter),
        Code = letter.Code,
        Reason = letter.Reason,
        MqttTopic = letter.MqttTopic,
        Target = letter.Target,
        Client = letter.OwnHeaders.FirstOrDefault(header => header.Name.EndsWith(ClientHeader, StringComparison.Ordinal))?.Value is { } client
            ? Encoding.UTF8.GetString(client)
            : null,
        RecordKey = letter.Record.Key,
        Size = letter.Size,
        Attempts = letter.Attempts,
        IsCut = letter.IsCut,
    };

    /// <param name="letters">Which.</param>
    /// <param name="filter">Whose time the bars divide.</param>
    /// <param name="now">When they were read.</param>
    public static IReadOnlyList<DeadLetterGroup> Groups(IEnumerable<DeadLetterView> letters, DeadLetterFilter filter, DateTimeOffset now) =>
        [.. letters.GroupBy(letter => letter.Group).Select(group => Group(group.Key, [.. group], filter, now))
            .OrderByDescending(group => group.Count).ThenBy(group => group.Id, StringComparer.Ordinal)];

    public static DeadLetterFigures Figures(IReadOnlyCollection<DeadLetterView> letters, DateTimeOffset now) => new(
        letters.Count,
        letters.Min(letter => (DateTimeOffset?)letter.At),
        letters.Count(letter => letter.At > now - Hour),
        letters.Sum(letter => (long)letter.Size));

    /// <summary>Prints one record, envelope and all. Secrets are not in it: who runs it adds them, as the instance is set up.</summary>
    public static string Kcat(KafkaInstance instance, string topic, DeadLetterKey key)
    {
        var security = instance.Security == KafkaSecurityProtocol.Plaintext ? "" : $" -X security.protocol={Protocol(instance.Security)}";
        var mechanism = instance.Mechanism switch
        {
            KafkaMechanism.ScramSha256 => "SCRAM-SHA-256",
            KafkaMechanism.ScramSha512 => "SCRAM-SHA-512",
            _ => "PLAIN",
        };
        var sasl = instance.Security is KafkaSecurityProtocol.SaslPlaintext or KafkaSecurityProtocol.SaslSsl
            ? $" -X sasl.mechanism={mechanism} -X sasl.username={Quoted(instance.UserName ?? "")} -X sasl.password=\"$KAFKA_PASSWORD\""
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"kcat -C -b {Quoted(instance.BootstrapServers)}{security}{sasl} -t {Quoted(topic)} -p {key.Partition} -o {key.Offset} -c 1 -e -f '%h\\n%k\\n%s\\n'");
    }

    private static DeadLetterGroup Group(string id, IReadOnlyCollection<DeadLetterView> letters, DeadLetterFilter filter, DateTimeOffset now)
    {
        var figures = Figures(letters, now);
        var newest = letters.MaxBy(letter => letter.At)!;
        return new DeadLetterGroup(id, newest.Code, newest.Reason, figures.Count, figures.Oldest!.Value, newest.At)
        {
            Bytes = figures.Bytes,
            LastHour = figures.LastHour,
            Bars = Bars(letters, filter, now),
        };
    }

    private static int[] Bars(IEnumerable<DeadLetterView> letters, DeadLetterFilter filter, DateTimeOffset now)
    {
        var end = filter.To < now ? filter.To.Value : now;
        var begin = filter.From ?? end.AddDays(-1);
        var bars = new int[BarCount];
        foreach (var letter in letters.Where(letter => letter.At >= begin && letter.At <= end))
        {
            // The end itself belongs to the last bar.
            bars[Math.Min(BarCount - 1, (int)((letter.At - begin) * BarCount / (end - begin)))]++;
        }

        return bars;
    }

    private static string Protocol(KafkaSecurityProtocol security) => security switch
    {
        KafkaSecurityProtocol.Ssl => "SSL",
        KafkaSecurityProtocol.SaslPlaintext => "SASL_PLAINTEXT",
        _ => "SASL_SSL",
    };

    /// <summary>For a POSIX shell.</summary>
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
