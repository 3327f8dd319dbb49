using System.Text;
using Portal.Engine.Sinks;
using Portal.Engine.Sources;

namespace Portal.Engine.Sampling;

/// <summary>The way of a sampler's messages: counted and kept, and nowhere else. Fed by the receive loop, read by the sampler.</summary>
internal sealed class SampleRoute(SampleOrder order, AsyncSignal changed) : IMessageRoute
{
    private readonly Lock _gate = new();
    private readonly SampleKeep _keep = new(order.MaxMessages, SampleOrder.MostKeptBytes);
    private readonly Dictionary<string, long> _topics = new(StringComparer.Ordinal);
    private long _received;
    private long _bytes;
    private bool _more;
    private SampleEnd? _reached;

    /// <summary>The bound that was reached, or null. From then on nothing is taken any more.</summary>
    public SampleEnd? Reached
    {
        get
        {
            lock (_gate)
            {
                return _reached;
            }
        }
    }

    /// <inheritdoc/>
    public RouteResult Take(in InboundMessage message, DeliveryToken token, bool held)
    {
        lock (_gate)
        {
            if (_reached is null)
            {
                Take_NeedsLock(in message);
            }
        }

        changed.Set();

        // QoS 0 asks for no answer; this settles the slot at once.
        return RouteResult.Filtered;
    }

    /// <inheritdoc/>
    public void Hurry()
    {
    }

    /// <summary>The sample as it stands.</summary>
    public SampleReport Report(SampleReport before)
    {
        lock (_gate)
        {
            return before with
            {
                Messages = _keep.Newest,
                Received = _received,
                Bytes = _bytes,
                Topics = [.. _topics.Select(topic => new SampledTopic(topic.Key, topic.Value)).OrderBy(topic => topic.Topic, StringComparer.Ordinal)],
                MoreTopics = _more,
            };
        }
    }

    private void Take_NeedsLock(in InboundMessage message)
    {
        var size = message.Payload.Length + message.Properties.Length;
        _received++;
        _bytes += size;
        if (size <= SampleOrder.MostKeptBytes)
        {
            _keep.Add(SampledMessage.Copy(in message));
        }

        Count_NeedsLock(Encoding.UTF8.GetString(message.Topic));
        _reached = order.EndsWhenFull && _keep.IsFull ? SampleEnd.Full : _bytes >= order.MaxBytes ? SampleEnd.BytesRead : null;
    }

    private void Count_NeedsLock(string topic)
    {
        if (_topics.TryGetValue(topic, out var count) || _topics.Count < SampleOrder.MostTopics)
        {
            _topics[topic] = count + 1;
        }
        else
        {
            _more = true;
        }
    }
}
