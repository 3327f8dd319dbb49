using MudBlazor;

namespace Portal.Client.Layout;

/// <summary>
/// What MudBlazor's parts take from us: type and corners. Colours do not stand here, since portal.css gives MudBlazor's variables the
/// values of
/// its own tokens: one source for both, and no flash while a circuit learns which theme the browser shows.
/// </summary>
internal static class PortalTheme
{
    private static readonly string[] Family = ["Inter", "system-ui", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Family, FontSize = "13.5px", LineHeight = "20px", LetterSpacing = "normal" },
        },
    };
}
