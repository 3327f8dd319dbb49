using System.Globalization;

namespace Portal.Engine;

/// <summary>Figures in texts for people.</summary>
internal static class Figures
{
    /// <summary>A whole number in groups of three, apart by a narrow space that does not break: as the console writes it.</summary>
    public static string Grouped(long number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202f');
}
