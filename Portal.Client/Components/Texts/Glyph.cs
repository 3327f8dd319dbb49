namespace Portal.Client.Components.Texts;

/// <summary>The pictures of the console, drawn in one stroke width on a grid of 16.</summary>
public enum Glyph
{
    /// <summary>A tick.</summary>
    Check,

    /// <summary>An octagon with an exclamation mark: needs a person.</summary>
    Octagon,

    /// <summary>A triangle with an exclamation mark: should be known.</summary>
    Triangle,

    /// <summary>An open circle: under way.</summary>
    Arc,

    /// <summary>An arrow round a circle: again.</summary>
    Turn,

    /// <summary>Three dots: about to be.</summary>
    Dots,

    /// <summary>Two bars between walls: held back.</summary>
    Barrier,

    /// <summary>A triangle to the right: runs.</summary>
    Play,

    /// <summary>Two bars: rests.</summary>
    Pause,

    /// <summary>A dash: not needed, or over.</summary>
    Dash,

    /// <summary>A cross: close, clear.</summary>
    Cross,

    /// <summary>A plus: create.</summary>
    Plus,

    /// <summary>A flash: test.</summary>
    Flash,

    /// <summary>Three dots above each other: more actions.</summary>
    More,

    /// <summary>A magnifying glass.</summary>
    Search,

    /// <summary>Two sheets: copy.</summary>
    Copy,

    /// <summary>A pencil: edit.</summary>
    Pencil,

    /// <summary>A bin: delete.</summary>
    Bin,

    /// <summary>A link of two: connections.</summary>
    Link,

    /// <summary>A flow into an arrow: tasks.</summary>
    Flow,

    /// <summary>Two machines: clusters.</summary>
    Servers,

    /// <summary>An envelope: dead letters.</summary>
    Envelope,

    /// <summary>A wheel: operations.</summary>
    Wheel,

    /// <summary>Two people: users.</summary>
    People,

    /// <summary>Three lines: the navigation.</summary>
    Lines,

    /// <summary>Three upright bars: columns.</summary>
    Columns,

    /// <summary>A screen with a wave: MQTT clients.</summary>
    Clients,

    /// <summary>A question mark in a circle: help.</summary>
    Help,

    /// <summary>A moon: the theme.</summary>
    Moon,

    /// <summary>An eye: show.</summary>
    Eye,

    /// <summary>Up.</summary>
    Up,

    /// <summary>Down.</summary>
    Down,

    /// <summary>To the right.</summary>
    Right,

    /// <summary>Four tiles: the overview.</summary>
    Tiles,

    /// <summary>A letter i in a circle.</summary>
    Info,
}
