using System.Globalization;

namespace Portal.Engine.Specs.Validation;

/// <summary>Checks a <see cref="LimitSpec"/>.</summary>
internal static class LimitValidation
{
    // Slower than this a task would look as if it stood still.
    private const double LeastBytes = 1_000;
    private const double MostBytes = 10_000_000_000;
    private const double LeastMessages = 1;
    private const double MostMessages = 10_000_000;

    public static void Check(LimitSpec limits, SpecErrors errors)
    {
        Check(nameof(limits.BytesPerSecond), limits.BytesPerSecond, LeastBytes, MostBytes, "The limit in bytes a second");
        Check(nameof(limits.MessagesPerSecond), limits.MessagesPerSecond, LeastMessages, MostMessages, "The limit in messages a second");

        void Check(string field, double? value, double least, double most, string what) => errors.Need(
            value is null || (value >= least && value <= most),
            field,
            string.Create(CultureInfo.InvariantCulture, $"{what} is a number from {least:#,0} to {most:#,0}, or none; this is {value}."));
    }
}
