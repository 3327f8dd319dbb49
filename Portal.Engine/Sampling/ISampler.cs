namespace Portal.Engine.Sampling;

/// <summary>Listens for a short time to what a broker sends, beside the tasks.</summary>
public interface ISampler
{
    /// <summary>
    /// Opens a session of its own, subscribes the plain filters with QoS 0, and reports what comes until a bound is reached, the session is
    /// lost, or the caller has seen enough.
    /// </summary>
    /// <param name="order">Where to listen and for how long.</param>
    /// <param name="cancellationToken">Ends it at once; the enumeration then throws <see cref="OperationCanceledException"/>.</param>
    /// <returns>Reports, each in the place of the one before, at most five a second; the last one has <see cref="SampleState.Ended"/>.</returns>
    /// <exception cref="ArgumentException">A bound of the order is outside of its range.</exception>
    /// <remarks>
    /// Never takes a message from a task: it joins no group (MQTT 5, section 4.8.2) and acknowledges nothing. Leaves nothing at the broker:
    /// the session is clean, expires with its connection, and is ended with a DISCONNECT however the enumeration ends.
    /// </remarks>
    IAsyncEnumerable<SampleReport> ListenAsync(SampleOrder order, CancellationToken cancellationToken);
}
