using System.Text;
using Portal.Client.Contracts;

namespace Portal.Client.Components.Lists;

/// <summary>What the address of a list may say.</summary>
/// <param name="Statuses">The status names that may be filtered by, as the enum writes them.</param>
/// <param name="Sorts">The columns that may be sorted by.</param>
/// <param name="ByConnection">Whether the list may be narrowed to one connection.</param>
/// <param name="Columns">The columns that may be chosen, in order; null where none can.</param>
/// <param name="ByClient">Whether the list may be narrowed as only clients can be: to a client id, a user, an address, the time of its session.</param>
/// <param name="ByTask">Whether the list may be narrowed to one task.</param>
/// <param name="ByMqttCluster">Whether the list may be narrowed to one MQTT cluster.</param>
/// <param name="ByKafkaInstance">Whether the list may be narrowed to one Kafka instance.</param>
public sealed record ListUrlRules(
    IReadOnlyList<string> Statuses,
    IReadOnlyList<string> Sorts,
    bool ByConnection = false,
    IReadOnlyList<string>? Columns = null,
    bool ByClient = false,
    bool ByTask = false,
    bool ByMqttCluster = false,
    bool ByKafkaInstance = false);

/// <summary>What an address said.</summary>
/// <param name="Query">The list to show.</param>
/// <param name="Ignored">What was not understood and dropped, for example <c>status=foo</c>.</param>
public sealed record ListUrl(ListQuery Query, IReadOnlyList<string> Ignored);

/// <summary>
/// The address is the state of a list: any query becomes an address and that address the same query again. Keys stand in a fixed order and
/// defaults are left out, so that equal lists have equal addresses; what is not understood is dropped and reported.
/// </summary>
public static class ListUrlState
{
    private static readonly int[] Sizes = [20, 50, 100];

    /// <summary>The address of a query, for example <c>/tasks?region=gz&amp;status=failed,blocked&amp;page=2</c>.</summary>
    public static string Format(string path, ListQuery query)
    {
        var text = new StringBuilder(path);
        Add("region", query.Region);
        Add("q", query.Search);
        Add("status", query.Status.Count == 0 ? null : string.Join(',', query.Status.Select(status => status.ToLowerInvariant())));
        Add("conn", query.ConnectionId);
        Add("cluster", query.MqttClusterId);
        Add("kafka", query.KafkaInstanceId);
        Add("task", query.TaskId);
        Add("client", query.ClientId);
        Add("user", query.UserName);
        Add("ip", query.Address);
        foreach (var (key, value) in new TimeWindow(HistoryRange.Find(query.Age), query.From, query.To).Pairs)
        {
            Add(key, value);
        }

        Add("sort", query.Sort);
        Add("page", query.Page == 1 ? null : query.Page.ToString());
        Add("size", query.Size == Sizes[0] ? null : query.Size.ToString());
        Add("cols", query.Columns.Count == 0 ? null : string.Join(',', query.Columns));
        return text.ToString();

        void Add(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                // A comma needs no escape in a query and reads better without.
                var escaped = Uri.EscapeDataString(value).Replace("%2C", ",", StringComparison.Ordinal);
                text.Append(text.Length == path.Length ? '?' : '&').Append(key).Append('=').Append(escaped);
            }
        }
    }

    /// <summary>The query of an address, absolute or relative.</summary>
    public static ListUrl Parse(string uri, ListUrlRules rules)
    {
        var query = new ListQuery();
        var ignored = new List<string>();
        foreach (var (key, value) in Pairs(uri))
        {
            var understood = key switch
            {
                "region" => Text(value, region => query = query with { Region = region }),
                "q" => Text(value, search => query = query with { Search = search }),
                "status" => Words(value, key, rules.Statuses, known => query = query with { Status = known }),
                "cols" when rules.Columns is { } columns => Words(value, key, columns, known => query = query with { Columns = known }),
                "conn" when rules.ByConnection => Text(value, connection => query = query with { ConnectionId = connection }),
                "cluster" when rules.ByMqttCluster => Text(value, cluster => query = query with { MqttClusterId = cluster }),
                "kafka" when rules.ByKafkaInstance => Text(value, instance => query = query with { KafkaInstanceId = instance }),
                "task" when rules.ByTask => Text(value, task => query = query with { TaskId = task }),
                "client" when rules.ByClient => Text(value, client => query = query with { ClientId = client }),
                "user" when rules.ByClient => Text(value, user => query = query with { UserName = user }),
                "ip" when rules.ByClient => Text(value, address => query = query with { Address = address }),
                "age" when rules.ByClient && HistoryRange.Find(value) is not null => Text(value, age => query = query with { Age = age }),
                "from" when rules.ByClient && TimeWindow.Parse(null, value, null).Window.From is { } from => Text(value, _ => query = query with { From = from }),
                "to" when rules.ByClient && TimeWindow.Parse(null, null, value).Window.To is { } to => Text(value, _ => query = query with { To = to }),
                "sort" when rules.Sorts.Contains(value.TrimStart('-')) && !value.StartsWith("--", StringComparison.Ordinal) =>
                    Text(value, sort => query = query with { Sort = sort }),
                "page" when int.TryParse(value, out var page) && page >= 1 => Text(value, _ => query = query with { Page = page }),
                "size" when int.TryParse(value, out var size) && Sizes.Contains(size) =>
                    Text(value, _ => query = query with { Size = size }),
                _ => false,
            };
            if (!understood)
            {
                ignored.Add($"{key}={value}");
            }
        }

        // An end before the beginning matches nothing, and an age counts before both.
        if (query.Age is not null || TimeWindow.Check(query.From, query.To) is not null)
        {
            ignored.AddRange(new TimeWindow(null, query.From, query.To).Pairs.Select(pair => $"{pair.Key}={pair.Value}"));
            query = query with { From = null, To = null };
        }

        return new ListUrl(query, ignored);

        bool Words(string value, string key, IReadOnlyList<string> all, Action<IReadOnlyList<string>> take)
        {
            var chosen = new HashSet<string>();
            foreach (var word in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (all.FirstOrDefault(one => one.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } known)
                {
                    chosen.Add(known);
                }
                else
                {
                    ignored.Add($"{key}={word}");
                }
            }

            // In the list's own order and once each: the same choice has one address.
            take([.. all.Where(chosen.Contains)]);
            return true;
        }
    }

    private static bool Text(string value, Action<string> take)
    {
        if (value.Trim() is { Length: > 0 } text)
        {
            take(text);
        }

        return true;
    }

    private static IEnumerable<(string Key, string Value)> Pairs(string uri)
    {
        var start = uri.IndexOf('?', StringComparison.Ordinal);
        if (start < 0)
        {
            yield break;
        }

        var end = uri.IndexOf('#', start);
        foreach (var pair in uri[(start + 1)..(end < 0 ? uri.Length : end)].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            yield return equals < 0
                ? (Uri.UnescapeDataString(pair), "")
                : (Uri.UnescapeDataString(pair[..equals]), Uri.UnescapeDataString(pair[(equals + 1)..].Replace('+', ' ')));
        }
    }
}
