using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Portal.Engine.Ledger;
using Portal.Engine.Sources;
using Portal.Engine.Sources.Wire;
using Portal.Engine.Specs;

namespace Portal.Engine.Sampling;

/// <summary>Listens with a session of its own. Without state: any number may listen at once, each with its own client id.</summary>
internal sealed class Sampler(TimeProvider time) : ISampler
{
    // QoS 0 is settled at the end of each block; a window about as large as a block of short messages is never waited for.
    private const int Window = 5_000;

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private sealed record Opened(ClientSession Session, IMqttClient Mqtt, IReadOnlyList<string> Warnings);

    /// <inheritdoc/>
    public IAsyncEnumerable<SampleReport> ListenAsync(SampleOrder order, CancellationToken cancellationToken)
    {
        order.Check();
        return RunAsync(order, cancellationToken);
    }

    private async IAsyncEnumerable<SampleReport> RunAsync(SampleOrder order, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var changed = new AsyncSignal(time);
        var route = new SampleRoute(order, changed);
        var report = new SampleReport();
        yield return report;
        var (opened, refused) = await OpenAsync(order, route, cancellationToken);
        if (opened is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return report with { State = SampleState.Ended, End = SampleEnd.Refused, Cause = refused };
            yield break;
        }

        try
        {
            using var stop = cancellationToken.Register(changed.Set);
            var woken = WakeAsync(opened.Session, changed);
            var began = time.GetTimestamp();
            report = report with { State = SampleState.Listening, EndsAt = time.GetUtcNow() + order.MaxTime, Warnings = opened.Warnings };
            while (report.State != SampleState.Ended)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var left = order.MaxTime - time.GetElapsedTime(began);
                report = route.Report(await EndedAsync(report, route, woken, left));
                yield return report;
                if (report.State != SampleState.Ended)
                {
                    await changed.WaitAsync(left);
                    await Task.Delay(Pace, time, cancellationToken);
                }
            }
        }
        finally
        {
            await CloseAsync(opened);
        }
    }

    private static async Task<SampleReport> EndedAsync(SampleReport report, SampleRoute route, Task<SessionEnd> ended, TimeSpan left)
    {
        SampleEnd? end = route.Reached ?? (ended.IsCompleted ? SampleEnd.Lost : left <= TimeSpan.Zero ? SampleEnd.TimeOver : null);
        return end is null
            ? report
            : report with { State = SampleState.Ended, End = end, Cause = end == SampleEnd.Lost ? (await ended).Text : null };
    }

    private static async Task<SessionEnd> WakeAsync(ClientSession session, AsyncSignal changed)
    {
        var end = await session.Ended;
        changed.Set();
        return end;
    }

    private async Task<(Opened? Opened, string? Refused)> OpenAsync(SampleOrder order, SampleRoute route, CancellationToken cancellationToken)
    {
        if (order.Filters.FirstOrDefault(filter => filter.StartsWith("$share/", StringComparison.Ordinal)) is { } shared)
        {
            return (null, $"'{shared}' joins a group, and a sample would take messages away from it. Sample the filter behind the group's name.");
        }

        // Off the caller's thread: connecting may resolve names and read certificates.
        await Task.Yield();
        var setup = Setup(order);
        string? refused = null;
        foreach (var endpoint in order.Broker.Endpoints)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var session = new ClientSession(0, 1, Window, new ClientBooks(), new PacketIdSet(), route, KeepAlive, Timeout.InfiniteTimeSpan, time);
            var result = await SessionOpener.OpenAsync(setup, endpoint, session, subscribes: false, time, cancellationToken);
            if (result.Mqtt is null)
            {
                refused = result.Failure;
                continue;
            }

            var opened = new Opened(session, result.Mqtt, []);
            var (granted, refusals) = await SubscribeAsync(opened, order, cancellationToken);
            if (granted)
            {
                return (opened with { Warnings = refusals }, null);
            }

            await CloseAsync(opened);
            return (null, string.Join(" ", refusals));
        }

        return (null, refused);
    }

    // The group stands for the filters only: the session is opened without subscribing it.
    private static TaskClientSetup Setup(SampleOrder order)
    {
        var source = new SourceSpec
        {
            Broker = order.Broker,
            Group = new SharedSubscriptionGroup("", order.Filters),
            Qos = 0,
            CleanSession = true,
            KeepAlive = KeepAlive,
            Window = Window,
        };
        var clientId = $"sample-{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 8)}";
        return new TaskClientSetup(0, 0, clientId, source, new DeliverySpec(), Subscribes: false);
    }

    private async Task<(bool Granted, IReadOnlyList<string> Refusals)> SubscribeAsync(Opened opened, SampleOrder order, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var options = new MqttClientSubscribeOptions();
        foreach (var filter in order.Filters)
        {
            options.TopicFilters.Add(new MqttTopicFilter
            {
                Topic = filter,
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce,
                RetainAsPublished = order.Broker.Protocol == MqttProtocol.V5,
            });
        }

        try
        {
            var answer = await opened.Mqtt.SubscribeAsync(options, either.Token);
            var refused = answer.Items.Where(item => (int)item.ResultCode > 2).ToList();
            return (
                refused.Count < answer.Items.Count,
                [.. refused.Select(item => $"The broker refused to subscribe {item.TopicFilter.Topic}: {ReasonWords.Suback((byte)item.ResultCode)}")]);
        }
        catch (Exception exception) when (ReasonWords.IsOfConnection(exception))
        {
            var end = opened.Session.Ended.IsCompletedSuccessfully ? await opened.Session.Ended : null;
            return (false, [end?.Text ?? ReasonWords.Of(exception)]);
        }
    }

    private async Task CloseAsync(Opened opened)
    {
        await opened.Session.CloseAsync(null, CloseLimit);
        opened.Mqtt.Dispose();
        await Task.WhenAny(opened.Session.Ended, Task.Delay(CloseLimit, time, CancellationToken.None));
    }
}
