using System.Collections;
using System.Reflection;

namespace Portal.Client.Wizards;

/// <summary>
/// Two people changed the same settings: what I touched counts as I left it, everything else as they did. Setting by setting over all
/// properties of the draft, so that a setting that is added later is merged too.
/// </summary>
public static class DraftMerge
{
    /// <summary>The merged draft.</summary>
    /// <param name="before">What both began with.</param>
    /// <param name="mine">What I made of it.</param>
    /// <param name="theirs">What they saved.</param>
    /// <param name="yielded">Of <see cref="Clashes"/> those where theirs shall count; none when null.</param>
    public static TDraft Merge<TDraft>(TDraft before, TDraft mine, TDraft theirs, IReadOnlyCollection<string>? yielded = null)
        where TDraft : class, new()
    {
        var merged = new TDraft();
        foreach (var property in Settings<TDraft>())
        {
            var (was, my, their) = (property.GetValue(before), property.GetValue(mine), property.GetValue(theirs));
            property.SetValue(merged, Same(was, my) || yielded?.Contains(Words(property.Name)) == true ? their : my);
        }

        return merged;
    }

    /// <summary>The settings that both changed, each to something else.</summary>
    public static IReadOnlyList<string> Clashes<TDraft>(TDraft before, TDraft mine, TDraft theirs)
        where TDraft : class, new() =>
    [
        .. Settings<TDraft>()
            .Where(property => property.GetValue(before) is var was
                && !Same(was, property.GetValue(mine)) && !Same(was, property.GetValue(theirs)) && !Same(property.GetValue(mine), property.GetValue(theirs)))
            .Select(property => Words(property.Name)),
    ];

    private static IEnumerable<PropertyInfo> Settings<TDraft>() =>
        typeof(TDraft).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property is { CanRead: true, CanWrite: true });

    // Lists are equal by what they hold.
    private static bool Same(object? one, object? other) => (one, other) switch
    {
        (string a, string b) => a == b,
        (IEnumerable a, IEnumerable b) => a.Cast<object?>().SequenceEqual(b.Cast<object?>()),
        _ => Equals(one, other),
    };

    // "MqttClusterId" is "mqtt cluster" to a person.
    private static string Words(string name) =>
        string.Concat((name.EndsWith("Id", StringComparison.Ordinal) ? name[..^2] : name)
            .Select((letter, at) => char.IsUpper(letter) ? $"{(at > 0 ? " " : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
