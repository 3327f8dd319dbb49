using System.Globalization;

namespace Portal.Client.Components.Texts;

/// <summary>
/// Figures as people read them: thin spaces in long numbers, SI for rates, binary units for bytes, an em dash for what is not known.
/// </summary>
public static class Numbers
{
    /// <summary>What stands where a figure is not known; never 0.</summary>
    public const string Unknown = "—";

    /// <summary>Narrow and not breaking: a number stays on one line and is copied as one word.</summary>
    private const string Thin = "\u202f";

    private static readonly NumberFormatInfo Grouped = new() { NumberGroupSeparator = Thin, NumberDecimalDigits = 0 };

    /// <summary>A count in full, for example <c>48 212 110</c>.</summary>
    public static string Count(long? value) => value is { } number ? number.ToString("N0", Grouped) : Unknown;

    /// <summary>A rate in three digits with an SI prefix, for example <c>12.4 k</c>; the unit is the caller's.</summary>
    public static string Rate(double? value)
    {
        if (value is not { } number || double.IsNaN(number))
        {
            return Unknown;
        }

        var (scaled, prefix) = number switch
        {
            >= 999_950_000 => (number / 1e9, $"{Thin}G"),
            >= 999_950 => (number / 1e6, $"{Thin}M"),
            >= 999.5 => (number / 1e3, $"{Thin}k"),
            _ => (number, ""),
        };
        var format = prefix.Length == 0 && (scaled >= 9.95 || scaled == Math.Floor(scaled)) ? "0" : scaled >= 99.95 ? "0" : "0.0";
        return scaled.ToString(format, CultureInfo.InvariantCulture) + prefix;
    }

    /// <summary>Bytes in binary units, for example <c>1.5 KiB</c>.</summary>
    public static string Bytes(long? value)
    {
        if (value is not { } number)
        {
            return Unknown;
        }

        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
        var scaled = (double)number;
        var unit = 0;
        while (scaled >= 1024 && unit < units.Length - 1)
        {
            scaled /= 1024;
            unit++;
        }

        var figure = scaled.ToString(unit == 0 || scaled >= 99.95 ? "0" : "0.0", CultureInfo.InvariantCulture);
        return $"{figure} {(number == 1 ? "byte" : units[unit])}";
    }

    /// <summary>
    /// How long something took or lasts, in its two largest units, for example <c>4 ms</c>, <c>1.2 s</c>, <c>9 d 4 h</c>.
    /// </summary>
    public static string Duration(TimeSpan? value) => value switch
    {
        null => Unknown,
        { TotalMilliseconds: < 1 and >= 0 } => "< 1 ms",
        { TotalMilliseconds: < 999.5 } span => $"{span.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms",
        { TotalSeconds: < 9.95 } span => $"{span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        { TotalSeconds: < 60 } span => $"{(int)span.TotalSeconds} s",
        { TotalMinutes: < 60 } span => Two((int)span.TotalMinutes, "min", span.Seconds, "s"),
        { TotalHours: < 24 } span => Two((int)span.TotalHours, "h", span.Minutes, "min"),
        { } span => Two((int)span.TotalDays, "d", span.Hours, "h"),
    };

    /// <summary>
    /// How far a time is from now, for example <c>3 min ago</c>, <c>in 24 s</c>, <c>now</c>. The browser goes on with the same words
    /// (portal.js).
    /// </summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var seconds = (long)Math.Round((now - at).TotalSeconds, MidpointRounding.AwayFromZero);
        return seconds switch
        {
            <= -5 => $"in {Span(-seconds)}",
            < 5 => "now",
            _ => $"{Span(seconds)} ago",
        };
    }

    /// <summary>A count with its noun, for example <c>1 task</c>, <c>12 tasks</c>.</summary>
    public static string Plural(int count, string noun, string? plural = null) =>
        $"{Count(count)} {(count == 1 ? noun : plural ?? noun + "s")}";

    private static string Span(long seconds) => seconds switch
    {
        < 60 => $"{seconds} s",
        < 3_600 => $"{seconds / 60} min",
        < 86_400 => $"{seconds / 3_600} h",
        _ => $"{seconds / 86_400} d",
    };

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";
}
