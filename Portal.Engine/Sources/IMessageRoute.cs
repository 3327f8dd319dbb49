using Portal.Engine.Sinks;

namespace Portal.Engine.Sources;

/// <summary>What became of a message on its way to the sink.</summary>
internal enum RouteResult
{
    /// <summary>The sink has it; a receipt follows.</summary>
    Taken,

    /// <summary>The filter excludes it.</summary>
    Filtered,

    /// <summary>It is older than its message expiry.</summary>
    Expired,

    /// <summary>The producer's queue is full: offer it again in a moment.</summary>
    Busy,

    /// <summary>A limit is reached: offer it again after <see cref="IMessageRoute.Wait"/>.</summary>
    Throttled,

    /// <summary>Nothing is handed over at present: offer it again after a nudge.</summary>
    Shut,
}

/// <summary>The way of one client's messages downstream. Belongs to that client's receive loop.</summary>
internal interface IMessageRoute
{
    /// <summary>Maps the message and hands it to the sink.</summary>
    /// <param name="message">Valid during the call.</param>
    /// <param name="token">Names its slot; its receipt will carry it.</param>
    /// <param name="held">Whether the message waited after it was read.</param>
    RouteResult Take(in InboundMessage message, DeliveryToken token, bool held);

    /// <summary>After <see cref="RouteResult.Throttled"/>: how long to wait. Zero for a route without a limit.</summary>
    TimeSpan Wait => TimeSpan.Zero;

    /// <summary>As much is open as the broker allows.</summary>
    void Hurry();
}
