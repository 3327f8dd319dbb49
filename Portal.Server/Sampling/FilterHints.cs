using Portal.Client.Contracts;
using Portal.Engine.Filters;

namespace Portal.Server.Sampling;

/// <summary>Finds names in a filter that none of the messages has: mostly a slip of the pen, which SQL takes for NULL without a word.</summary>
internal static class FilterHints
{
    private const int Near = 2;

    // A sender chooses the names, as long as 65 535 bytes and as many as it likes; the table of distances grows with the product of both.
    private const int LongestCompared = 64;
    private const int MostCompared = 1_000;

    public static IReadOnlyList<FieldError> Of(string? filter, IReadOnlyList<MessageSample> messages)
    {
        if (string.IsNullOrWhiteSpace(filter) || messages.Count == 0 || !FilterExpression.TryParse(filter, out var expression, out _))
        {
            return [];
        }

        var known = messages.SelectMany(message => message.UserProperties).Select(property => property.Name).Distinct().ToList();
        return
        [
            .. expression.Properties.Where(name => !known.Contains(name.Name)).Select(name => new FieldError(
                nameof(ConnectorTaskDraft.Filter),
                $"Column {name.Position + 1}: none of the messages here has a user property “{name.Name}”.{Meant(name.Name, known)}",
                new TextPlace(name.Position, name.Length))),
        ];
    }

    private static string Meant(string name, List<string> known) =>
        known
            .Where(other => name.Length <= LongestCompared && Math.Abs(other.Length - name.Length) <= Near)
            .Take(MostCompared)
            .Select(other => (Other: other, Distance: Distance(name, other)))
            .Where(near => near.Distance <= Near)
            .OrderBy(near => near.Distance)
            .FirstOrDefault().Other is { } meant
            ? $" Did you mean “{meant}”?"
            : " A payload field is written payload.name.";

    // Levenshtein, case aside.
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var same = char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
