using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace Portal.Client.Components.Texts;

/// <summary>
/// Pictures beside words. Each is decoration: the word stands beside it, or in the label of its button. Markup, since a component of its own
/// costs a circuit three kilobytes, and a page shows dozens.
/// </summary>
public static class Icon
{
    // Few pictures in few sizes, shared by all circuits. Glyphs, sizes and classes are the program's own words: nothing here needs escaping.
    private static readonly ConcurrentDictionary<(Glyph Glyph, int Size, string? Css), MarkupString> Drawn = new();

    /// <summary>The markup of a picture, made once for all circuits.</summary>
    /// <param name="glyph">Which picture.</param>
    /// <param name="size">Pixels.</param>
    /// <param name="css">Further classes.</param>
    public static MarkupString Of(Glyph glyph, int size = 16, string? css = null) =>
        Drawn.GetOrAdd((glyph, size, css), static picture => new MarkupString(Draw(picture.Glyph, picture.Size, picture.Css)));

    private static string Draw(Glyph glyph, int size, string? css) =>
        $"<svg{(css is null ? "" : $" class=\"{css}\"")} width=\"{size}\" height=\"{size}\" viewBox=\"0 0 16 16\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\""
        + $" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\"><path d=\"{Path(glyph)}\"{(glyph is Glyph.More or Glyph.Dots ? " stroke-width=\"2.4\"" : "")} /></svg>";

    private static string Path(Glyph glyph) => glyph switch
    {
        Glyph.Check => "m3 8.5 3.2 3L13 4.5",
        Glyph.Octagon => "M5.2 2h5.6L14 5.2v5.6L10.8 14H5.2L2 10.8V5.2zM8 5v3.8M8 10.9v.1",
        Glyph.Triangle => "M8 2 1.5 13.5h13zM8 6.5v3.2M8 11.6v.1",
        Glyph.Arc => "M8 2.2a5.8 5.8 0 1 0 5.8 5.8",
        Glyph.Turn => "M13.5 8A5.5 5.5 0 1 1 11.7 3.9M13.6 1.8v3h-3",
        Glyph.Dots => "M3.2 8h.1M8 8h.1M12.8 8h.1",
        Glyph.Barrier => "M2 3v10M14 3v10M6.2 5v6M9.8 5v6",
        Glyph.Play => "M5 3.2v9.6L12.5 8z",
        Glyph.Pause => "M5.5 3.5v9M10.5 3.5v9",
        Glyph.Dash => "M3.5 8h9",
        Glyph.Cross => "m4 4 8 8M12 4l-8 8",
        Glyph.Plus => "M8 3v10M3 8h10",
        Glyph.Flash => "M9 1.5 3 9h4l-1 5.5L12 7H8z",
        Glyph.More => "M8 3.2v.1M8 8v.1M8 12.7v.1",
        Glyph.Search => "M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM10.5 10.5l4 4",
        Glyph.Copy => "M6 5.5h7.5V14H6zM3.5 10.5h-1V2H10v1",
        Glyph.Pencil => "M2.5 13.5 3 10.8l8-8 2.2 2.2-8 8zM9.6 4.2l2.2 2.2",
        Glyph.Bin => "M2.5 4.2h11M6 4V2.4h4V4M4 4.2l.7 9.3h6.6l.7-9.3M6.7 7v4M9.3 7v4",
        Glyph.Link => "M6 10 3.8 12.2a2.3 2.3 0 0 1-3.2-3.2L3 6.6M10 6l2.2-2.2a2.3 2.3 0 0 1 3.2 3.2L13 9.4M6 10l4-4",
        Glyph.Flow => "M1 4h6l2 4-2 4H1M9 8h6M12.5 5.5 15 8l-2.5 2.5",
        Glyph.Servers => "M3.5 2h9A1.5 1.5 0 0 1 14 3.5v2A1.5 1.5 0 0 1 12.5 7h-9A1.5 1.5 0 0 1 2 5.5v-2A1.5 1.5 0 0 1 3.5 2zM3.5 9h9a1.5 1.5 0 0 1 1.5 1.5v2a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 12.5v-2A1.5 1.5 0 0 1 3.5 9zM5 4.5h.01M5 11.5h.01",
        Glyph.Envelope => "M2 3.5h12v9H2zM2 4l6 5 6-5",
        Glyph.Wheel => "M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3M11.2 8a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0z",
        Glyph.People => "M8.6 5a2.6 2.6 0 1 1-5.2 0 2.6 2.6 0 0 1 5.2 0zM1 14c0-3 2.2-4.6 5-4.6S11 11 11 14M11 3a2.4 2.4 0 0 1 0 4.6M12.6 10c1.5.6 2.4 1.9 2.4 4",
        Glyph.Lines => "M2 4h12M2 8h12M2 12h12",
        Glyph.Columns => "M2.5 3h3v10h-3zM6.5 3h3v10h-3zM10.5 3h3v10h-3z",
        Glyph.Clients => "M2 3.5h12v7H2zM5 13.5h6M8 10.5v3M4.5 7h2l1-1.5 1.5 3 1-1.5h1.5",
        Glyph.Help => "M14.2 8A6.2 6.2 0 1 1 1.8 8a6.2 6.2 0 0 1 12.4 0zM6.2 6.3a1.9 1.9 0 1 1 2.7 1.8c-.6.3-.9.7-.9 1.3M8 11.4v.1",
        Glyph.Moon => "M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z",
        Glyph.Eye => "M1.2 8S3.6 3.5 8 3.5 14.8 8 14.8 8 12.4 12.5 8 12.5 1.2 8 1.2 8zM10 8a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
        Glyph.Up => "m4 9.5 4-4 4 4",
        Glyph.Down => "m4 6.5 4 4 4-4",
        Glyph.Right => "m6 3.5 4.5 4.5L6 12.5",
        Glyph.Tiles => "M2 2h5v6H2zM9 2h5v3H9zM9 7h5v7H9zM2 10h5v4H2z",
        Glyph.Info => "M14.5 8a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0zM8 7.2v4M8 4.8v.1",
        _ => throw new ArgumentOutOfRangeException(nameof(glyph), glyph, null),
    };
}
