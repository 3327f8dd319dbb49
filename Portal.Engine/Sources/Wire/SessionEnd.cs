namespace Portal.Engine.Sources.Wire;

/// <summary>Who or what ended a session.</summary>
internal enum SessionEndKind
{
    /// <summary>We did.</summary>
    Closed,

    /// <summary>The connection broke, or the broker closed it without a word.</summary>
    Lost,

    /// <summary>The broker sent a DISCONNECT.</summary>
    Dismissed,

    /// <summary>The broker did not answer within the keep alive, or took nothing from us.</summary>
    Silent,

    /// <summary>The broker broke the protocol.</summary>
    Malformed,

    /// <summary>We did: nothing moved in it.</summary>
    Standstill,

    /// <summary>We did: an invariant of ours is broken.</summary>
    Bug,
}

/// <summary>Why a session ended.</summary>
/// <param name="Kind">Who or what.</param>
/// <param name="Text">In words.</param>
/// <param name="ReasonCode">That of the broker's DISCONNECT; 0 otherwise.</param>
/// <param name="Exception">With <see cref="SessionEndKind.Bug"/>.</param>
internal sealed record SessionEnd(SessionEndKind Kind, string Text, byte ReasonCode = 0, Exception? Exception = null)
{
    public const byte SessionTakenOver = 0x8E;

    /// <summary>We closed it, as we were told to.</summary>
    public static SessionEnd OnRequest { get; } = new(SessionEndKind.Closed, "Closed on request.");
}
