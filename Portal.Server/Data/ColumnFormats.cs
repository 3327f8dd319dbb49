using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portal.Server.Data;

/// <summary>Milliseconds since 1970 in UTC: SQLite can neither order nor compare a DateTimeOffset.</summary>
internal sealed class UtcMilliseconds() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(), stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));

/// <summary>Whole milliseconds, for the same reason.</summary>
internal sealed class DurationMilliseconds() : ValueConverter<TimeSpan, long>(
    duration => (long)Math.Round(duration.TotalMilliseconds), stored => TimeSpan.FromMilliseconds(stored));

/// <summary>
/// A value that is read and written as a whole, as JSON with enums by name: reordering an enum must not change what is stored.
/// </summary>
internal sealed class JsonColumn<T>() : ValueConverter<T, string>(
    value => JsonSerializer.Serialize(value, ColumnJson.Options), text => JsonSerializer.Deserialize<T>(text, ColumnJson.Options)!)
    where T : class;

/// <summary>
/// Lists in JSON columns are immutable: their content decides whether something changed, and a snapshot is the list itself.
/// </summary>
internal sealed class ContentComparer<T>() : ValueComparer<IReadOnlyList<T>>(
    (one, other) => ReferenceEquals(one, other) || (one != null && other != null && one.SequenceEqual(other)),
    list => list.Aggregate(0, (hash, item) => HashCode.Combine(hash, item)),
    list => list);

internal static class ColumnJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
