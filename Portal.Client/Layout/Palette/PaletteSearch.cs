using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Client.Layout.Palette;

/// <summary>What the palette finds: pages and actions by their words, objects by asking the services. A service that fails leaves its group out.</summary>
public sealed class PaletteSearch(
    IConnectorTaskService tasks, IConnectionService connections, IClusterService clusters, IClientService clients, Permissions permissions)
{
    private const int MostOfAGroup = 5;

    private static readonly IReadOnlyList<PaletteItem> Pages =
    [
        new("Pages", "Overview", null, "/", Glyph.Tiles, Words: "home start needs you"),
        new("Pages", "Tasks", null, "/tasks", Glyph.Flow, Words: "list connectors"),
        new("Pages", "Dead letters", null, "/dead-letters", Glyph.Envelope, Words: "refused failed dlq replay retry"),
        new("Pages", "Connections", null, "/connections", Glyph.Link, Words: "list mqtt credentials"),
        new("Pages", "Clients", null, "/clients", Glyph.Clients, Words: "list mqtt sessions"),
        new("Pages", "Clusters", null, "/clusters", Glyph.Servers, Words: "brokers kafka instances mqtt"),
        new("Pages", "Operations", null, "/operations", Glyph.Wheel, Words: "bulk restarts progress"),
        new("Pages", "Failed tasks", null, "/tasks?status=failed", Glyph.Octagon, Words: "errors needs you"),
        new("Pages", "Preferences", null, "/preferences", Glyph.Eye, Words: "settings time zone keys absolute relative"),
    ];

    private static readonly IReadOnlyList<PaletteItem> ForAdministrators =
    [
        new("Actions", "Create task", null, "/tasks/new", Glyph.Plus, Words: "new add"),
        new("Actions", "Create connection", null, "/connections/new", Glyph.Plus, Words: "new add"),
        new("Actions", "Register an MQTT cluster", null, "/clusters?register=mqtt", Glyph.Plus, Words: "new add broker"),
        new("Actions", "Register a Kafka instance", null, "/clusters?register=kafka", Glyph.Plus, Words: "new add cluster"),
        new("Actions", "Users", null, "/account/users", Glyph.People, Words: "roles accounts people"),
    ];

    private static readonly IReadOnlyList<PaletteItem> ForAll =
    [
        new("Actions", "Change my password", null, "/account/password", Glyph.Pencil, Words: "account"),
        new("Actions", "Keys", "What the keyboard does", null, Glyph.Help, "help", "shortcuts keyboard help"),
        new("Actions", "Pause or go on with live updates", null, null, Glyph.Pause, "live", "stop freeze resume"),
        new("Actions", "Light theme", null, null, Glyph.Moon, "light", "appearance colour"),
        new("Actions", "Dark theme", null, null, Glyph.Moon, "dark", "appearance colour"),
        new("Actions", "Theme of the system", null, null, Glyph.Moon, "system", "appearance colour"),
    ];

    /// <summary>What matches these words, best group first; with none the pages and actions.</summary>
    public async Task<IReadOnlyList<PaletteItem>> FindAsync(string words, CancellationToken cancellationToken)
    {
        var mayChange = await permissions.WhyReadOnlyAsync() is null;
        var still = Pages.Concat(mayChange ? ForAdministrators : []).Concat(ForAll).Where(item => Matches(item, words)).ToList();
        if (words.Trim().Length == 0)
        {
            return still;
        }

        var query = new ListQuery { Search = words.Trim() };
        IReadOnlyList<PaletteItem>[] found =
        [
            await TryAsync(async () => (await tasks.ListAsync(query, cancellationToken)).Items.Select(task =>
                new PaletteItem("Tasks", task.Settings.Name, $"{StatusLook.Of(task.Live.Status).Word} · {task.Id}", $"/tasks/{task.Id}", Glyph.Flow))),
            await TryAsync(async () => (await connections.ListAsync(query, cancellationToken)).Items.Select(connection =>
                new PaletteItem("Connections", connection.Name, $"{connection.MqttClusterName} · {connection.Id}", $"/connections/{connection.Id}", Glyph.Link))),
            await TryAsync(() => ClustersAsync(words, cancellationToken)),
            await TryAsync(async () => (await clients.ListAsync(query, cancellationToken)).Items.Select(line =>
                new PaletteItem("Clients", line.Client.ClientId, line.TaskName, $"/clients?client={Uri.EscapeDataString(line.Client.ClientId)}", Glyph.Clients))),
        ];
        return [.. still, .. found.SelectMany(items => items)];
    }

    // By their beginnings: who types "ord" means the task orders, and Enter must not take "Change my password".
    private static bool Matches(PaletteItem item, string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
        $"{item.Title} {item.Words}".Split(' ').Any(own => own.StartsWith(word, StringComparison.OrdinalIgnoreCase)));

    private async Task<IEnumerable<PaletteItem>> ClustersAsync(string words, CancellationToken cancellationToken)
    {
        var mqtt = (await clusters.MqttClustersAsync(null, cancellationToken)).Select(cluster => (cluster.Name, cluster.Id, What: "MQTT cluster", Page: $"/clusters/mqtt/{cluster.Id}"));
        var kafka = (await clusters.KafkaInstancesAsync(null, cancellationToken)).Select(instance => (instance.Name, instance.Id, What: "Kafka instance", Page: $"/clusters/kafka/{instance.Id}"));
        return mqtt.Concat(kafka)
            .Where(one => words.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => $"{one.Name} {one.Id}".Contains(word, StringComparison.OrdinalIgnoreCase)))
            .Select(one => new PaletteItem("Clusters", one.Name, $"{one.What} · {one.Id}", one.Page, Glyph.Servers));
    }

    private static async Task<IReadOnlyList<PaletteItem>> TryAsync(Func<Task<IEnumerable<PaletteItem>>> find)
    {
        try
        {
            return [.. (await find()).Take(MostOfAGroup)];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return [];
        }
    }
}
