using MQTTnet;
using MQTTnet.Exceptions;
using Portal.Engine.Pipelines;
using Portal.Engine.Sources.Wire;
using Portal.Engine.Specs;

namespace Portal.Engine.Sources;

/// <summary>How a client, or only its session, ends: what is open is finished first, and a session with open deliveries is never ended.</summary>
internal sealed partial class TaskClient
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private async Task<string?> RetireOnceAsync(RetireMode mode, DrainLimits limits, CancellationToken cancellationToken)
    {
        await Task.Yield();
        string? owed = null;
        if (mode != RetireMode.Abandon)
        {
            _record.Draining();
            _observer.OnClientChanged();
            try
            {
                owed = mode == RetireMode.KeepSessions
                    ? await FinishAsync(limits, cancellationToken)
                    : await EndSessionAsync(limits, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                owed = mode == RetireMode.EndSessions ? $"{ClientId}: its session is still at the broker; the stop was cut short." : null;
            }
        }

        await _stop.CancelAsync();
        _resume.Set();
        _hurry.Set();
        Volatile.Read(ref _session)?.Abort(SessionEnd.OnRequest.Text);
        await _run;
        _mqtt?.Dispose();
        _record.Closed();
        _observer.OnClientChanged();
        return owed;
    }

    // Pause: the broker keeps the session and queues.
    private async Task<string?> FinishAsync(DrainLimits limits, CancellationToken cancellationToken)
    {
        if (!_record.IsConnected || Volatile.Read(ref _session) is not { } session)
        {
            return null;
        }

        var adapter = session.Adapter!;
        adapter.StopReading();
        await UntilAsync(() => (!adapter.IsTaking && session.Ledger.Open == 0) || session.Ended.IsCompleted, limits.Finish, cancellationToken);
        await session.CloseAsync(null, CloseLimit);
        return null;
    }

    // Delete, scale down: unsubscribe, take in and deliver what the broker still had for us, then end the session.
    private async Task<string?> EndSessionAsync(DrainLimits limits, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _subscribes, false);
        // One that waits for its next attempt would be given up before it makes it.
        TryNow();
        var began = _time.GetTimestamp();
        while (true)
        {
            if (_time.GetElapsedTime(began) > limits.Finish + limits.Quiet || !await UntilAsync(() => _record.IsConnected, limits.Reach, cancellationToken))
            {
                return $"{ClientId}: its session is still at the broker, which could not be reached for long enough: {_record.LastError ?? "no answer in time."}";
            }

            var session = Volatile.Read(ref _session)!;
            if (await UnsubscribeAsync(session, limits, cancellationToken) is { } refusal)
            {
                // Still a member of the group: taking in the rest would never end.
                await FinishAsync(limits, cancellationToken);
                return $"{ClientId}: its session is still at the broker: {refusal}";
            }

            var finished = await UntilAsync(
                () => session.Ended.IsCompleted || (session.Ledger.Open == 0 && _time.GetElapsedTime(session.LastMessageAt) >= limits.Quiet),
                limits.Finish + limits.Quiet,
                cancellationToken);
            if (session.Ended.IsCompleted)
            {
                // Lost in the middle: the next session of the same id goes on with the rest.
                await UntilAsync(() => !ReferenceEquals(session, Volatile.Read(ref _session)), limits.Reach, cancellationToken);
                continue;
            }

            if (!finished)
            {
                await session.CloseAsync(null, CloseLimit);
                return $"{ClientId}: its session is still at the broker: {Remaining(session)}";
            }

            var closed = await session.CloseAsync(0, limits.Reach);
            return _setup.Source.Broker.Protocol == MqttProtocol.V311 ? await EraseAsync(session, cancellationToken)
                : closed ? null
                : $"{ClientId}: its session may still be at the broker, which did not confirm its end.";
        }
    }

    private static string Remaining(ClientSession session) => session.Ledger.Open is var open and > 0
        ? $"{open} deliveries were not answered by Kafka in time."
        : "it went on sending messages.";

    // MQTT 3.1.1 cannot end a session from within it.
    private async Task<string?> EraseAsync(ClientSession session, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        _hurry.Set();
        await session.Ended;
        await _run;
        return await EraseAsync(cancellationToken) is { } failure ? $"{ClientId}: its session is still at the broker: {failure}" : null;
    }

    private Task<string?> EraseAsync(CancellationToken cancellationToken)
    {
        var endpoints = _setup.Source.Broker.Endpoints;
        var endpoint = endpoints[_endpoint % endpoints.Count];
        _record.Connecting(endpoint);
        _observer.OnClientChanged();
        return SessionOpener.EraseAsync(_setup, endpoint, NewSession(), _time, cancellationToken);
    }

    // Null, or why the client is still subscribed. No answer at all is no refusal: the session is closed, so that the next one tries again.
    private async Task<string?> UnsubscribeAsync(ClientSession session, DrainLimits limits, CancellationToken cancellationToken)
    {
        if (_mqtt is not { } mqtt)
        {
            return null;
        }

        var options = new MqttClientUnsubscribeOptions();
        options.TopicFilters.AddRange(_setup.Source.Group.Filters.Select(_setup.Source.Group.Subscription));
        try
        {
            using var most = new CancellationTokenSource(limits.Finish + limits.Quiet, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(most.Token, cancellationToken);
            using var limit = new AnswerLimit(session, TimeSpan.FromSeconds(5), _time, either.Token);
            var answer = await mqtt.UnsubscribeAsync(options, limit.Token);
            var refused = answer.Items.FirstOrDefault(item => (int)item.ResultCode >= 0x80);
            return refused is null ? null : $"the broker refused to unsubscribe {refused.TopicFilter} (0x{(int)refused.ResultCode:X2}).";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && session.Adapter is { IsHeld: true })
        {
            return "its answer to an UNSUBSCRIBE lies behind messages that Kafka does not take.";
        }
        catch (Exception exception) when (exception is MqttCommunicationException or MqttClientNotConnectedException || ReasonWords.IsOfConnection(exception))
        {
            session.Abort("The broker did not answer an UNSUBSCRIBE.");
            return null;
        }
    }

    private async Task<bool> UntilAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        while (!condition())
        {
            if (_time.GetElapsedTime(began) >= limit)
            {
                return false;
            }

            await Task.Delay(Poll, _time, cancellationToken);
        }

        return true;
    }
}
