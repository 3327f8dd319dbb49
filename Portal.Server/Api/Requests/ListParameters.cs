using Portal.Client.Contracts;

namespace Portal.Server.Api.Requests;

/// <summary>The parameters of a list, with the same names as in the addresses of the pages.</summary>
internal readonly record struct ListParameters(
    string? Region,
    string? Q,
    string? Status,
    string? Conn,
    string? Cluster,
    string? Kafka,
    string? Task,
    string? Client,
    string? User,
    string? Ip,
    string? Age,
    string? From,
    string? To,
    string? Sort,
    int? Page,
    int? Size)
{
    private static readonly int[] Sizes = [20, 50, 100];

    public ListQuery Query => new()
    {
        Region = Region,
        Search = Q,
        Status = Status?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
        ConnectionId = Conn,
        MqttClusterId = Cluster,
        KafkaInstanceId = Kafka,
        TaskId = Task,
        ClientId = Client,
        UserName = User,
        Address = Ip,
        Age = Window.Age?.Code,
        From = Window.From,
        To = Window.To,
        Sort = Sort,
        Page = Page ?? 1,
        Size = Size ?? 20,
    };

    private TimeWindow Window => TimeWindow.Parse(Age, From, To).Window;

    /// <summary>All that is wrong. A page drops what it does not know and says so; a script that misspells a status would take the empty answer for the truth.</summary>
    public IReadOnlyList<FieldError> Errors<TStatus>(IReadOnlyList<string> columns)
        where TStatus : struct, Enum
    {
        var errors = new List<FieldError>(TimeWindow.Parse(Age, From, To).Errors);
        foreach (var status in Query.Status.Where(status => !Enum.GetNames<TStatus>().Contains(status, StringComparer.OrdinalIgnoreCase)))
        {
            errors.Add(new FieldError("status", $"There is no status {status}; there are {string.Join(", ", Enum.GetNames<TStatus>())}."));
        }

        if (Sort is { } sort && !columns.Contains(sort.TrimStart('-'), StringComparer.Ordinal))
        {
            errors.Add(new FieldError("sort", $"A list cannot be sorted by {sort}; it can by {string.Join(", ", columns)}, with - before it for descending."));
        }

        if (Page is < 1)
        {
            errors.Add(new FieldError("page", "Pages are counted from 1."));
        }

        if (Size is { } size && !Sizes.Contains(size))
        {
            errors.Add(new FieldError("size", "A page has 20, 50 or 100 rows."));
        }

        return errors;
    }
}
