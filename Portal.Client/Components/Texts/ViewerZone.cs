using Microsoft.JSInterop;

namespace Portal.Client.Components.Texts;

/// <summary>
/// The zone in which the person at the browser reads times: the one of the preferences, or the browser's own, which only the browser knows. What
/// stands under a day must be of the day that its times show.
/// </summary>
public sealed record ViewerZone(TimeZoneInfo Zone)
{
    /// <summary>What counts while the browser has not been asked, and where it names a zone that is not known here.</summary>
    public static ViewerZone Utc { get; } = new(TimeZoneInfo.Utc);

    /// <summary>Asks the browser (portal.js).</summary>
    public static async Task<ViewerZone> ReadAsync(IJSRuntime browser, CancellationToken cancellationToken)
    {
        try
        {
            var name = await browser.InvokeAsync<string?>("portal.zone", cancellationToken);
            return name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? new(zone) : Utc;
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException)
        {
            // A cut line tells no zone, and is no reason to show nothing.
            return Utc;
        }
    }

    /// <summary>The day of a moment there.</summary>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zone).DateTime);
}
