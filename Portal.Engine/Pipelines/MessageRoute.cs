using Portal.Engine.Mapping;
using Portal.Engine.Sinks;
using Portal.Engine.Sources;

namespace Portal.Engine.Pipelines;

/// <summary>The way of one client's messages: filter and mapping, then the sink. Its record is used again for every message.</summary>
internal sealed class MessageRoute(PipelineFlow flow, TimeProvider time) : IMessageRoute
{
    private readonly KafkaRecord _record = new();

    public TimeSpan Wait { get; private set; }

    public RouteResult Take(in InboundMessage message, DeliveryToken token, bool held)
    {
        if (!flow.IsOpen)
        {
            return RouteResult.Shut;
        }

        var throttle = flow.Throttle;
        if (throttle is not null && (Wait = throttle.Wait()) > TimeSpan.Zero)
        {
            return RouteResult.Throttled;
        }

        // Only a message that waited can have outlived what the broker just gave it, or have less of it left.
        if (!held || ExpiryOf(message.Properties) is not { } interval)
        {
            return Hand(in message, token, throttle);
        }

        var waited = Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds() - message.ReceivedAt);
        return waited > interval * 1000L
            ? RouteResult.Expired
            : Hand(message with { SecondsHeld = (uint)(waited / 1000) }, token, throttle);
    }

    public void Hurry() => flow.Sink.Hurry();

    private RouteResult Hand(in InboundMessage message, DeliveryToken token, Throttle? throttle)
    {
        var mapped = flow.Mapper.Map(in message, _record, out var failure);
        if (mapped == MapOutcome.Filtered)
        {
            return RouteResult.Filtered;
        }

        var sent = mapped == MapOutcome.Mapped
            ? flow.Sink.Send(_record, message.Payload, token)
            : flow.Sink.Refuse(_record, message.Payload, token, failure ?? "The mapping cannot be applied.");
        if (sent == SendResult.Taken)
        {
            throttle?.Charge(message.Payload.Length);
        }

        return sent switch
        {
            SendResult.Taken => RouteResult.Taken,
            SendResult.QueueFull => RouteResult.Busy,
            _ => RouteResult.Shut,
        };
    }

    private static uint? ExpiryOf(ReadOnlySpan<byte> properties)
    {
        var reader = new PropertyReader(properties);
        while (reader.Read())
        {
            if (reader.Property == PublishProperty.MessageExpiryInterval)
            {
                return reader.Number;
            }
        }

        return null;
    }
}
