using Portal.Engine.Sinks;
using Portal.Engine.Sources;
using Portal.Engine.Specs;

namespace Portal.Engine.Pipelines;

/// <summary>What should be known of a pipeline beyond its status, in words.</summary>
internal static class PipelineWarnings
{
    public static IReadOnlyList<string> Of(
        PipelineSpec spec, Throttle? throttle, SinkState sink, TimeSpan? oldest, IEnumerable<ClientStanding> clients)
    {
        List<string> warnings = [];
        if (spec.Source.Qos == 0)
        {
            warnings.Add("QoS 0 is asked for: messages may be lost, at least once is off.");
        }
        else if (spec.Source.CleanSession)
        {
            warnings.Add("Clean session is on: what is sent while a client is away is lost, at least once is off.");
        }

        if (spec.Source.Qos == 2)
        {
            warnings.Add("At QoS 2 a message stays bound to the client that got it and is lost with its session (MQTT-4.8.2-5).");
        }

        if (throttle is { IsSlowing: true })
        {
            warnings.Add(throttle.Words);
        }

        var patience = spec.Delivery.StandstillLimit + spec.Delivery.RetryAttempts * spec.Delivery.RetryInterval;
        if (sink.Condition == SinkCondition.Ready && throttle is not { IsSlowing: true } && oldest > patience)
        {
            warnings.Add(
                $"A message has been open for more than {patience.TotalSeconds:0} s although Kafka takes others. Most often its partition has no leader or too few replicas in sync. Nothing is lost: it goes on by itself.");
        }

        warnings.AddRange(clients.SelectMany(client => client.Warnings));
        return warnings;
    }

    /// <param name="books">The books; the counts never say more than they do.</param>
    /// <param name="dropped">Dropped at QoS 0.</param>
    /// <param name="byReason">By <see cref="RefusalReason"/>: how many deliveries were settled so. Of those some may still wait for their turn to be acknowledged.</param>
    public static IReadOnlyList<DiscardCount> Discards(PipelineBooks books, long dropped, ReadOnlySpan<long> byReason)
    {
        List<DiscardCount> discards = [];
        if (dropped > 0)
        {
            discards.Add(new DiscardCount("QoS 0, and the window was full for longer than a message waits", dropped));
        }

        var left = books.Discarded - dropped;
        for (var reason = 0; reason < byReason.Length && left > 0; reason++)
        {
            var count = Math.Min(left, byReason[reason]);
            if (count > 0)
            {
                discards.Add(new DiscardCount(((RefusalReason)reason).Words(), count));
                left -= count;
            }
        }

        return discards;
    }

    public static string RunEnded(PipelineBooks books) =>
        $"The run ended: {books.Received} received, {books.Delivered} delivered, {books.DeadLettered} dead-lettered, {books.Filtered} filtered, "
        + $"{books.Expired} expired, {books.Discarded} discarded, {books.Abandoned} abandoned to the broker.";
}
