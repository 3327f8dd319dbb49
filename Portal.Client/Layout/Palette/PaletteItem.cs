using Portal.Client.Components.Texts;

namespace Portal.Client.Layout.Palette;

/// <summary>One thing that the palette offers.</summary>
/// <param name="Group">Under which heading.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Detail">What tells it from others of that name, or null.</param>
/// <param name="Href">Where it leads; null for a command of the browser.</param>
/// <param name="Glyph">Its picture.</param>
/// <param name="Command">The command of the browser, as keys.js names it, or null.</param>
/// <param name="Words">Other words that it is found by.</param>
public sealed record PaletteItem(string Group, string Title, string? Detail, string? Href, Glyph Glyph, string? Command = null, string Words = "");
