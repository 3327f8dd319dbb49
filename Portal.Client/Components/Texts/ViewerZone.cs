using System.Globalization;
using Microsoft.JSInterop;
using Portal.Client.Contracts;

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

    /// <summary>What it is called, for example <c>Asia/Shanghai</c>.</summary>
    public string Name => Zone.Id;

    /// <summary>The day of a moment there.</summary>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeOf(at));

    /// <summary>What a clock there shows at a moment.</summary>
    public DateTime TimeOf(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone).DateTime;

    /// <summary>
    /// The moment at which a clock there shows this. What it shows twice, when summer time ends, is the later one; what it never shows, when summer
    /// time begins, lies as far behind that.
    /// </summary>
    public DateTimeOffset MomentOf(DateTime time)
    {
        var utc = time.Ticks - Zone.GetUtcOffset(DateTime.SpecifyKind(time, DateTimeKind.Unspecified)).Ticks;
        return new DateTimeOffset(Math.Clamp(utc, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }

    /// <summary>A stretch of time in words, for example <c>in the last 1 h</c>; empty for any time.</summary>
    public string Words(TimeWindow window) => (window.Age, window.From, window.To) switch
    {
        ({ } age, _, _) => $"in the last {age.Label}",
        (_, { } from, { } to) => $"from {Text(from)} to {Text(to)} {Name}",
        (_, { } from, null) => $"since {Text(from)} {Name}",
        (_, null, { } to) => $"until {Text(to)} {Name}",
        _ => "",
    };

    private string Text(DateTimeOffset at) => TimeOf(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
