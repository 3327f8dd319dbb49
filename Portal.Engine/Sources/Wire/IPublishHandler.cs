namespace Portal.Engine.Sources.Wire;

/// <summary>What the adapter hands to the session. But for <see cref="Nudge"/>, all calls come from its receive loop, one after the other.</summary>
internal interface IPublishHandler
{
    /// <summary>The broker answered the CONNECT, whether it accepted or not.</summary>
    void OnConnack(ConnackFacts facts);

    /// <summary>A PUBLISH. False holds reading: <see cref="HoldAsync"/> is awaited, and the same message offered again.</summary>
    /// <param name="message">Valid during the call.</param>
    /// <param name="timestamp">When it was read, a timestamp of the clock.</param>
    bool OnPublish(in InboundMessage message, long timestamp);

    /// <summary>Everything that was read has been offered.</summary>
    void OnBlockEnd();

    /// <summary>Ends when the refused message may be offered again.</summary>
    ValueTask HoldAsync();

    /// <summary>From any thread: whatever <see cref="HoldAsync"/> waits for, look again.</summary>
    void Nudge();

    /// <summary>The broker gives a QoS 2 packet id free. False when it was not known.</summary>
    bool OnPubRel(ushort packetId);

    /// <summary>The last call: nothing will be read or sent any more.</summary>
    void OnEnded(SessionEnd end);
}
