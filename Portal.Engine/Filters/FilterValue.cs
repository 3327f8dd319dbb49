using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Portal.Engine.Filters;

/// <summary>The kinds of <see cref="FilterValue"/>.</summary>
internal enum FilterValueKind : byte
{
    Null,
    Boolean,
    Integer,
    Real,
    Text,
}

/// <summary>One value while a filter is evaluated. A number that was read somewhere keeps its text.</summary>
internal readonly ref struct FilterValue
{
    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789+-.eE"u8);

    public FilterValueKind Kind { get; private init; }

    /// <summary>The value of an Integer; 1 or 0 of a Boolean.</summary>
    public long Integer { get; private init; }

    /// <summary>The value of a Real.</summary>
    public double Real { get; private init; }

    /// <summary>The value of a Text; of a number as it was written, empty when it was computed.</summary>
    public ReadOnlySpan<byte> Text { get; private init; }

    public bool IsNull => Kind == FilterValueKind.Null;

    /// <summary>As a condition: true, false, or null for unknown.</summary>
    public bool? Truth => Kind switch
    {
        FilterValueKind.Boolean => Integer != 0,
        FilterValueKind.Text => ReadBoolean(Text),
        _ => null,
    };

    public static FilterValue Of(bool? value) =>
        value is { } known ? new FilterValue { Kind = FilterValueKind.Boolean, Integer = known ? 1 : 0 } : default;

    public static FilterValue Of(long value) => new() { Kind = FilterValueKind.Integer, Integer = value };

    public static FilterValue Of(double value) => new() { Kind = FilterValueKind.Real, Real = value };

    public static FilterValue Of(ReadOnlySpan<byte> text) => new() { Kind = FilterValueKind.Text, Text = text };

    /// <summary>A number out of its text, Null when it is none: digits with sign, fraction and exponent, nothing around them.</summary>
    public static FilterValue NumberOf(ReadOnlySpan<byte> text)
    {
        if (Utf8Parser.TryParse(text, out long integer, out var consumed) && consumed == text.Length)
        {
            return new FilterValue { Kind = FilterValueKind.Integer, Integer = integer, Text = text };
        }

        return !text.ContainsAnyExcept(NumberBytes) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            ? new FilterValue { Kind = FilterValueKind.Real, Real = real, Text = text }
            : default;
    }

    /// <summary>Below, at or above 0 as the left is below, equal to or above the right; null when they cannot be compared.</summary>
    public static int? Compare(FilterValue left, FilterValue right)
    {
        if (left.IsNull || right.IsNull)
        {
            return null;
        }

        var leftIsText = left.Kind == FilterValueKind.Text;
        var rightIsText = right.Kind == FilterValueKind.Text;
        if (leftIsText && rightIsText)
        {
            // The order of UTF-8 bytes is the order of code points.
            return left.Text.SequenceCompareTo(right.Text);
        }

        if (leftIsText)
        {
            left = left.ReadAs(right.Kind);
        }
        else if (rightIsText)
        {
            right = right.ReadAs(left.Kind);
        }

        return left.IsNull || right.IsNull ? null
            : left.Kind != FilterValueKind.Real && right.Kind != FilterValueKind.Real ? left.Integer.CompareTo(right.Integer)
            : left.ToDouble().CompareTo(right.ToDouble());
    }

    private FilterValue ReadAs(FilterValueKind kind) => kind == FilterValueKind.Boolean ? Of(ReadBoolean(Text)) : NumberOf(Text);

    private double ToDouble() => Kind == FilterValueKind.Real ? Real : Integer;

    private static bool? ReadBoolean(ReadOnlySpan<byte> text) =>
        Ascii.EqualsIgnoreCase(text, "true"u8) ? true : Ascii.EqualsIgnoreCase(text, "false"u8) ? false : null;
}
