using System.Security.Authentication;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Portal.Engine.Network;
using Portal.Engine.Pipelines;
using Portal.Engine.Sources.Wire;
using Portal.Engine.Specs;

namespace Portal.Engine.Sources;

/// <summary>What came of an attempt to open a session.</summary>
/// <param name="Mqtt">The control plane of the open session, or null.</param>
/// <param name="Failure">Why there is none, in words, or null.</param>
/// <param name="NeedsYou">Whether trying again will hardly help before a person acts.</param>
/// <param name="Subscriptions">What was asked and granted.</param>
internal sealed record OpenResult(IMqttClient? Mqtt, string? Failure, bool NeedsYou, IReadOnlyList<SubscriptionSnapshot> Subscriptions)
{
    public static OpenResult Failed(string why, bool needsYou = false, IReadOnlyList<SubscriptionSnapshot>? subscriptions = null) =>
        new(null, why, needsYou, subscriptions ?? []);
}

/// <summary>Connects and subscribes one session. Every way in which that can fail becomes words here.</summary>
internal static class SessionOpener
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static async Task<OpenResult> OpenAsync(
        TaskClientSetup setup, MqttEndpoint endpoint, ClientSession session, bool subscribes, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new AnswerLimit(session, Limit, time, cancellationToken);
        var mqtt = new MqttClientFactory().CreateMqttClient(session.AdapterFactory);
        var judge = CertificateJudge.Of(setup.Source.Broker, endpoint, time);
        OpenResult? result = null;
        try
        {
            return result = await OpenAsync(mqtt, setup, endpoint, judge, session, subscribes, limit.Token);
        }
        catch (Exception exception)
        {
            return result = await CertificateFaultAsync(setup.Source.Broker, endpoint, judge, session, exception, time, cancellationToken) is { } fault
                ? OpenResult.Failed($"{fault.Text} {fault.Advice}", needsYou: true)
                : OpenResult.Failed(await CauseAsync(session, exception), IsForAPerson(exception));
        }
        finally
        {
            if (result?.Mqtt is null)
            {
                session.Dispose();
                mqtt.Dispose();

                // The next session shares the client's books and route: this one's receive loop must have left them.
                await Task.WhenAny(session.Ended, Task.Delay(Limit, time, CancellationToken.None));
            }
        }
    }

    /// <summary>Connects once with a clean session and leaves, which ends a session of MQTT 3.1.1.</summary>
    public static async Task<string?> EraseAsync(
        TaskClientSetup setup, MqttEndpoint endpoint, ClientSession session, TimeProvider time, CancellationToken cancellationToken)
    {
        var erasing = setup with { Source = setup.Source with { CleanSession = true } };
        var result = await OpenAsync(erasing, endpoint, session, subscribes: false, time, cancellationToken);
        if (result.Mqtt is null)
        {
            return result.Failure;
        }

        await session.Adapter!.CloseAsync(null, Limit);
        result.Mqtt.Dispose();
        return null;
    }

    private static async Task<OpenResult> OpenAsync(
        IMqttClient mqtt,
        TaskClientSetup setup,
        MqttEndpoint endpoint,
        CertificateJudge judge,
        ClientSession session,
        bool subscribes,
        CancellationToken cancellationToken)
    {
        var result = await mqtt.ConnectAsync(Options(setup, endpoint, judge), cancellationToken);
        if (result.ResultCode != MqttClientConnectResultCode.Success)
        {
            var code = session.Facts?.ReasonCode ?? (byte)result.ResultCode;
            return OpenResult.Failed(
                $"The broker refused the connection: {ReasonWords.Connack(code)}{ReasonWords.Own(session.Facts?.ReasonText)}", IsForAPerson(code));
        }

        if (!subscribes)
        {
            return new OpenResult(mqtt, null, false, []);
        }

        if (session.Facts is { SharedSubscriptions: false })
        {
            return OpenResult.Failed("The broker does not support shared subscriptions, which a task needs. Choose another broker.", needsYou: true);
        }

        var subscriptions = await SubscribeAsync(mqtt, setup.Source, cancellationToken);
        return subscriptions.Any(subscription => subscription.GrantedQos is not null)
            ? new OpenResult(mqtt, null, false, subscriptions)
            : OpenResult.Failed(
                $"The broker refused to subscribe {subscriptions[0].Filter}: {subscriptions[0].Refusal}", needsYou: true, subscriptions);
    }

    private static MqttClientOptions Options(TaskClientSetup setup, MqttEndpoint endpoint, CertificateJudge judge)
    {
        var source = setup.Source;
        var options = BrokerOptions.Create(source.Broker, endpoint, setup.ClientId, judge);
        options.CleanSession = source.CleanSession;
        options.KeepAlivePeriod = source.KeepAlive;
        if (source.Broker.Protocol == MqttProtocol.V5)
        {
            options.ReceiveMaximum = (ushort)source.Window;

            // A clean session that the broker kept would go on drawing messages of the group, only to be thrown away.
            options.SessionExpiryInterval = source.CleanSession ? 0 : (uint)Math.Min(uint.MaxValue, source.SessionExpiry.TotalSeconds);
        }

        return options;
    }

    private static async Task<IReadOnlyList<SubscriptionSnapshot>> SubscribeAsync(
        IMqttClient mqtt, SourceSpec source, CancellationToken cancellationToken)
    {
        var modern = source.Broker.Protocol == MqttProtocol.V5;
        var options = new MqttClientSubscribeOptions();
        foreach (var filter in source.Group.Filters)
        {
            options.TopicFilters.Add(new MqttTopicFilter
            {
                Topic = source.Group.Subscription(filter),
                QualityOfServiceLevel = (MqttQualityOfServiceLevel)source.Qos,
                RetainAsPublished = modern,

                // A session that is resumed has seen the retained messages; brokers that send them to groups would send them again.
                RetainHandling = modern ? MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly : MqttRetainHandling.SendAtSubscribe,
            });
        }

        var answer = await mqtt.SubscribeAsync(options, cancellationToken);
        return [.. answer.Items.Select(item => (int)item.ResultCode <= 2
            ? new SubscriptionSnapshot(item.TopicFilter.Topic, source.Qos, (int)item.ResultCode, null)
            : new SubscriptionSnapshot(item.TopicFilter.Topic, source.Qos, null, ReasonWords.Suback((byte)item.ResultCode)))];
    }

    // What the adapter saw is more exact than what MQTTnet made of it.
    private static async Task<string> CauseAsync(ClientSession session, Exception exception) =>
        session.Ended.IsCompletedSuccessfully && await session.Ended is { Kind: not SessionEndKind.Closed } end
            ? end.Text
            : ReasonWords.Of(exception);

    // What we have against the broker's certificate, or the broker against ours. It may close with our CONNECT unread, and its objection is lost:
    // then it is asked once more, without one.
    private static async Task<NetworkFault?> CertificateFaultAsync(
        MqttBrokerSpec broker,
        MqttEndpoint endpoint,
        CertificateJudge judge,
        ClientSession session,
        Exception exception,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (judge.Verdict is not null || !judge.HasSeen || session.Facts is not null || exception is OperationCanceledException)
        {
            return judge.Verdict;
        }

        try
        {
            return await new TlsDialer(nameIsSetting: true, time).ObjectionAsync(endpoint.Host, endpoint.Port, broker.Tls ?? new TlsSpec(), cancellationToken);
        }
        catch (Exception trouble) when (ReasonWords.IsOfConnection(trouble))
        {
            // A question that gets no answer must not hide that the attempt failed, nor pass for a bug.
            return null;
        }
    }

    // A certificate that is not trusted today is hardly trusted at the next attempt.
    private static bool IsForAPerson(Exception exception) =>
        exception is ArgumentException || ReasonWords.Innermost(exception) is AuthenticationException;

    private static bool IsForAPerson(byte code) => code is 1 or 2 or 4 or 5 or (>= 0x84 and <= 0x87) or 0x8A or 0x8C or 0x9C or 0x9D;
}
