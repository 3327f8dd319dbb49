using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Portal.Tests.Engine.Filters;

/// <summary>What a message offers to <see cref="SlowSql"/>.</summary>
internal sealed record SlowRow(string Topic, int Qos, bool Retained, (string Name, string Value)[] Properties, string Payload);

/// <summary>
/// An independent, slow and plain evaluator of the filter language, with the trees it evaluates and their text. It shares nothing with
/// the engine: values are null, bool, decimal or string.
/// </summary>
internal abstract record SlowSql
{
    public abstract string Text(Random style);

    public abstract object? Value(SlowRow row);

    public bool? Test(SlowRow row) => Value(row) switch
    {
        bool truth => truth,
        string text => Truth(text),
        _ => null,
    };

    public sealed record Constant(string Sql, object? Is) : SlowSql
    {
        public override string Text(Random style) => Sql;

        public override object? Value(SlowRow row) => Is;
    }

    public sealed record Property(string Sql, string Name) : SlowSql
    {
        public override string Text(Random style) => Sql;

        public override object? Value(SlowRow row) => row.Properties.LastOrDefault(property => property.Name == Name).Value;
    }

    public sealed record Field(string Name) : SlowSql
    {
        public override string Text(Random style) => Word(Name, style);

        public override object? Value(SlowRow row) => Name switch
        {
            "topic" => row.Topic,
            "qos" => (decimal)row.Qos,
            _ => row.Retained,
        };
    }

    public sealed record Path(string Sql, object[] Steps) : SlowSql
    {
        public override string Text(Random style) => Sql;

        public override object? Value(SlowRow row)
        {
            try
            {
                using var document = JsonDocument.Parse(row.Payload);
                var at = document.RootElement;
                foreach (var step in Steps)
                {
                    if (step is string name && at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var member))
                    {
                        at = member;
                    }
                    else if (step is int index && at.ValueKind == JsonValueKind.Array && index < at.GetArrayLength())
                    {
                        at = at[index];
                    }
                    else
                    {
                        return null;
                    }
                }

                return at.ValueKind switch
                {
                    JsonValueKind.Null => null,
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    JsonValueKind.Number => at.GetDecimal(),
                    JsonValueKind.String => at.GetString(),
                    _ => at.GetRawText(),
                };
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    public sealed record Compare(SlowSql Left, string Operator, SlowSql Right) : SlowSql
    {
        public override string Text(Random style) => $"{Inner(Left, style)}{Space(style)}{Operator}{Space(style)}{Inner(Right, style)}";

        public override object? Value(SlowRow row) => Order(Left.Value(row), Right.Value(row)) is not { } order ? null : Operator switch
        {
            "=" => order == 0,
            "<>" or "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    public sealed record Null(SlowSql Operand, bool Negated) : SlowSql
    {
        public override string Text(Random style) => $"{Inner(Operand, style)} {Word(Negated ? "is not null" : "is null", style)}";

        public override object? Value(SlowRow row) => Operand.Value(row) is null != Negated;
    }

    public sealed record Within(SlowSql Operand, SlowSql[] Items, bool Negated) : SlowSql
    {
        public override string Text(Random style) =>
            $"{Inner(Operand, style)} {Word(Negated ? "not in" : "in", style)} ({string.Join(',', Items.Select(item => Inner(item, style)))})";

        public override object? Value(SlowRow row)
        {
            var value = Operand.Value(row);
            var orders = Items.Select(item => Order(value, item.Value(row))).ToArray();
            bool? found = orders.Contains(0) ? true : orders.Contains(null) ? null : false;
            return Negated ? !found : found;
        }
    }

    public sealed record Like(SlowSql Operand, string Pattern, bool Negated) : SlowSql
    {
        public override string Text(Random style) => $"{Inner(Operand, style)} {Word(Negated ? "not like" : "like", style)} '{Pattern.Replace("'", "''")}'";

        public override object? Value(SlowRow row)
        {
            if (Operand.Value(row) is not { } value)
            {
                return null;
            }

            var pattern = string.Concat(Pattern.Select(c => c switch { '%' => ".*", '_' => ".", _ => Regex.Escape(c.ToString()) }));
            return Regex.IsMatch(AsText(value), $"^{pattern}\\z", RegexOptions.Singleline) != Negated;
        }
    }

    public sealed record Logic(string Operator, SlowSql[] Parts) : SlowSql
    {
        public override string Text(Random style) => string.Join($" {Word(Operator, style)} ", Parts.Select(part => Inner(part, style)));

        public override object? Value(SlowRow row)
        {
            var tests = Parts.Select(part => part.Test(row)).ToArray();
            var decisive = Operator == "or";
            return tests.Contains(decisive) ? decisive : tests.Contains(null) ? null : !decisive;
        }
    }

    public sealed record Not(SlowSql Operand) : SlowSql
    {
        public override string Text(Random style) => $"{Word("not", style)} {Inner(Operand, style)}";

        public override object? Value(SlowRow row) => !Operand.Test(row);
    }

    public sealed record Call(string Function, SlowSql[] Arguments) : SlowSql
    {
        public override string Text(Random style) => $"{Word(Function, style)}({string.Join(", ", Arguments.Select(argument => Inner(argument, style)))})";

        public override object? Value(SlowRow row)
        {
            var values = Arguments.Select(argument => argument.Value(row)).ToArray();
            return (Function, values[0]) switch
            {
                ("coalesce", _) => values.FirstOrDefault(value => value is not null),
                (_, null) => null,
                ("upper", { } value) => AsText(value).ToUpperInvariant(),
                ("lower", { } value) => AsText(value).ToLowerInvariant(),
                ("length", { } value) => (decimal)AsText(value).EnumerateRunes().Count(),
                (_, decimal number) => Math.Abs(number),
                (_, string text) => Number(text) is { } number ? Math.Abs(number) : null,
                _ => null,
            };
        }
    }

    public sealed record Case(SlowSql When, SlowSql Then, SlowSql? Else) : SlowSql
    {
        public override string Text(Random style) =>
            $"{Word("case when", style)} {Inner(When, style)} {Word("then", style)} {Inner(Then, style)} "
            + (Else is null ? "" : $"{Word("else", style)} {Inner(Else, style)} ") + Word("end", style);

        public override object? Value(SlowRow row) => When.Test(row) == true ? Then.Value(row) : Else?.Value(row);
    }

    private static string Inner(SlowSql sql, Random style) =>
        sql is Compare or Null or Within or Like or Logic or Not || style.Next(5) == 0 ? $"({sql.Text(style)})" : sql.Text(style);

    private static string Space(Random style) => new(' ', style.Next(3));

    private static string Word(string word, Random style)
    {
        var text = new StringBuilder();
        foreach (var c in word)
        {
            text.Append(style.Next(2) == 0 ? char.ToUpperInvariant(c) : c).Append(c == ' ' ? Space(style) : "");
        }

        return text.ToString();
    }

    private static int? Order(object? left, object? right) => (left, right) switch
    {
        (null, _) or (_, null) => null,
        (string a, string b) => string.CompareOrdinal(a, b),
        (bool a, string b) => Truth(b) is { } truth ? a.CompareTo(truth) : null,
        (string, bool) => -Order(right, left),
        _ => Number(left) is { } a && Number(right) is { } b ? a.CompareTo(b) : null,
    };

    private static decimal? Number(object value) => value switch
    {
        decimal number => number,
        bool truth => truth ? 1 : 0,
        string text => decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => null,
    };

    private static bool? Truth(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" => true,
        "FALSE" => false,
        _ => null,
    };

    private static string AsText(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        _ => (string)value,
    };
}
