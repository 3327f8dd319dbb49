namespace Portal.Client.Components.Texts;

/// <summary>The six tones that colour is kept for.</summary>
public enum Tone
{
    /// <summary>Fine.</summary>
    Ok,

    /// <summary>Works, but costs something or waits for something.</summary>
    Warn,

    /// <summary>Needs a person.</summary>
    Bad,

    /// <summary>Under way, or recovering by itself.</summary>
    Info,

    /// <summary>At rest.</summary>
    Off,
}

/// <summary>The class names of tones.</summary>
public static class ToneNames
{
    /// <summary>As portal.css calls it.</summary>
    public static string Css(this Tone tone) => tone switch
    {
        Tone.Ok => "ok",
        Tone.Warn => "warn",
        Tone.Bad => "bad",
        Tone.Info => "info",
        _ => "off",
    };
}
