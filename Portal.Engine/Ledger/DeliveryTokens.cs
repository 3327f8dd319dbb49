using Portal.Engine.Sinks;

namespace Portal.Engine.Ledger;

/// <summary>
/// What a <see cref="DeliveryToken"/> says: a zero that is the sink's, 13 bits of client, 18 of session, 32 of sequence. The session is part of it so that a
/// report of a lost session can never settle a delivery of the next; the sequence, so that a slot's next tenant is never mistaken.
/// </summary>
internal static class DeliveryTokens
{
    public const int MaxClients = 1 << ClientBits;

    private const int ClientBits = 13;
    private const int SessionBits = 18;
    private const uint SessionMask = (1u << SessionBits) - 1;

    public static DeliveryToken Pack(int client, uint session, uint sequence) =>
        new((ulong)(uint)client << (SessionBits + 32) | (ulong)(session & SessionMask) << 32 | sequence);

    public static int Client(DeliveryToken token) => (int)(token.Value >> (SessionBits + 32));

    public static bool IsOfSession(DeliveryToken token, uint session) => (uint)(token.Value >> 32 & SessionMask) == (session & SessionMask);

    public static uint Sequence(DeliveryToken token) => (uint)token.Value;
}
