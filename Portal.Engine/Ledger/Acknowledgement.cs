namespace Portal.Engine.Ledger;

/// <summary>One answer that is due to the broker: a PUBACK at QoS 1, a PUBREC at QoS 2.</summary>
/// <param name="PacketId">Of the PUBLISH.</param>
/// <param name="Qos">1 or 2.</param>
internal readonly record struct Acknowledgement(ushort PacketId, byte Qos);

/// <summary>Takes the answers that a ledger releases, in receive order.</summary>
internal interface IAcknowledger
{
    /// <summary>Called under the ledger's release lock, so that batches keep their order; must only copy.</summary>
    void Acknowledge(ReadOnlySpan<Acknowledgement> batch);
}
