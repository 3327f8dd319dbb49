using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using Portal.Client.Components.Texts;
using Portal.Client.Live;

namespace Portal.Client.Components.Cells;

/// <summary>A live figure as plain markup, for the rows of lists: as with <see cref="Icon.Of"/>.</summary>
public static class FigureCell
{
    /// <summary>The figure.</summary>
    /// <param name="cell">The key by which <see cref="CellPatch"/> changes it, for example <c>task-8k2mq7ab/out</c>.</param>
    /// <param name="text">How it stands now.</param>
    /// <param name="css">Classes.</param>
    public static MarkupString Of(string cell, string text, string? css = null)
    {
        var encoder = HtmlEncoder.Default;
        return new($"""<span{(css is null ? "" : $" class=\"{css}\"")} data-cell="{encoder.Encode(cell)}">{encoder.Encode(text)}</span>""");
    }
}
