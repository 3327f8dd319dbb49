using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Portal.Engine.Sinks;
using Portal.Engine.Sinks.Topics;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Kafka;

/// <summary>A cluster that is asked about itself with an admin client. What it does not answer is null, whatever the reason.</summary>
internal sealed class KafkaCluster(KafkaSpec kafka) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly TaskCompletionSource<Error> _refusal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>?> _settings = [];
    private Task<IAdminClient>? _making;
    private Task<Metadata>? _asking;
    private IAdminClient? _admin;
    private Metadata? _metadata;
    private DescribeClusterResult? _description;
    private bool _describesSettings;

    /// <summary>The brokers as they are advertised; empty before <see cref="OpenAsync"/> passed.</summary>
    public IReadOnlyList<BrokerMetadata> Brokers => _metadata?.Brokers ?? [];

    /// <summary>The id of the cluster; null when it does not say.</summary>
    public string? ClusterId => _description?.ClusterId;

    /// <summary>Whether this client may create topics anywhere; null when the cluster does not say.</summary>
    public bool? MayCreate => _description?.AuthorizedOperations is { } operations ? operations.Contains(AclOperation.Create) : null;

    /// <summary>Signs in and asks for the brokers.</summary>
    /// <param name="describesSettings">Whether to ask for settings and rights at all: where they are not offered, the client would wait in vain.</param>
    /// <param name="cancellationToken">Ends the wait; what librdkafka does meanwhile ends in the background.</param>
    public async Task<StageOutcome> OpenAsync(bool describesSettings, CancellationToken cancellationToken)
    {
        _describesSettings = describesSettings;
        try
        {
            // librdkafka reads certificates and starts threads while it is made, and blocks its caller for that and for metadata.
            _making = OwnThread.RunAsync(Build);
            var admin = _admin = await _making.WaitAsync(cancellationToken);
            _asking = OwnThread.RunAsync(() => admin.GetMetadata(Patience));
            await Task.WhenAny(_asking, _refusal.Task).WaitAsync(cancellationToken);
            if (!_asking.IsCompleted)
            {
                return Refused(await _refusal.Task);
            }

            _metadata = await _asking;
        }
        catch (KafkaException cause)
        {
            return _refusal.Task.IsCompleted ? Refused(await _refusal.Task) : Refused(cause.Error);
        }
        catch (Exception cause) when (cause is ArgumentException or InvalidOperationException)
        {
            return StageOutcome.Failed("invalid-settings", $"Kafka's client does not take these settings: {cause.Message}", "Correct the settings of the Kafka instance.");
        }

        var brokers = Brokers.Count == 1 ? "1 broker" : $"{Brokers.Count} brokers";
        await DescribeAsync(cancellationToken);
        return StageOutcome.Passed(_description is null ? $"Kafka answers: {brokers}." : $"Cluster {_description.ClusterId} answers: {brokers}.");
    }

    /// <summary>The topics of these names, in their order.</summary>
    public async Task<IReadOnlyList<KafkaTopicFacts>> TopicsAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var options = new DescribeTopicsOptions { RequestTimeout = Patience, IncludeAuthorizedOperations = true };
        try
        {
            if (_describesSettings && names.Count > 0)
            {
                var result = await _admin!.DescribeTopicsAsync(TopicCollection.OfTopicNames(names), options).WaitAsync(cancellationToken);
                return [.. result.TopicDescriptions.Select(KafkaTopicFacts.Of)];
            }
        }
        catch (DescribeTopicsException cause)
        {
            return [.. cause.Results.TopicDescriptions.Select(KafkaTopicFacts.Of)];
        }
        catch (KafkaException)
        {
            // The list that came with the brokers tells less, but enough.
        }

        var known = _metadata!.Topics.ToDictionary(topic => topic.Topic, KafkaTopicFacts.Of);
        return [.. names.Select(name => known.GetValueOrDefault(name) ?? KafkaTopicFacts.Missing(name))];
    }

    /// <summary>
    /// Asks whether these topics could be created so, without creating them. Names those that could not, and why; knows nothing where the
    /// cluster does not say.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, Error>> TryCreateAsync(
        IEnumerable<string> names, TopicCreation creation, CancellationToken cancellationToken)
    {
        var specifications = names.Select(name => AdminTopicCreator.Specification(name, creation)).ToArray();
        try
        {
            if (_describesSettings && specifications.Length > 0)
            {
                var options = new CreateTopicsOptions { ValidateOnly = true, RequestTimeout = Patience, OperationTimeout = Patience };
                await _admin!.CreateTopicsAsync(specifications, options).WaitAsync(cancellationToken);
            }
        }
        catch (CreateTopicsException cause)
        {
            return cause.Results
                .Where(result => result.Error.IsError && !result.Error.IsLocalError && result.Error.Code != ErrorCode.TopicAlreadyExists)
                .ToDictionary(result => result.Topic, result => result.Error);
        }
        catch (KafkaException)
        {
            // Not answered: the first record will tell.
        }

        return new Dictionary<string, Error>();
    }

    /// <summary>The settings of a topic; null when the cluster does not say.</summary>
    public Task<IReadOnlyDictionary<string, string>?> TopicSettingsAsync(string topic, CancellationToken cancellationToken) =>
        SettingsAsync(ResourceType.Topic, topic, cancellationToken);

    /// <summary>The settings of a broker, by which new topics are made; null when the cluster does not say.</summary>
    public Task<IReadOnlyDictionary<string, string>?> BrokerSettingsAsync(CancellationToken cancellationToken) =>
        SettingsAsync(ResourceType.Broker, Brokers[0].BrokerId.ToString(), cancellationToken);

    /// <summary>
    /// In the background: librdkafka waits there for what is on its way. Also a client that nobody waits for any more while it is made or
    /// asks, but not before that is over: librdkafka's handle must not end under a call.
    /// </summary>
    public void Dispose() => _ = EndAsync();

    private async Task EndAsync()
    {
        if (_making is null)
        {
            return;
        }

        await ((Task)_making).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_making.IsCompletedSuccessfully)
        {
            var admin = await _making;
            await (_asking ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await OwnThread.RunAsync(admin.Dispose);
        }
    }

    private async Task DescribeAsync(CancellationToken cancellationToken)
    {
        if (!_describesSettings)
        {
            return;
        }

        try
        {
            var options = new DescribeClusterOptions { RequestTimeout = Patience, IncludeAuthorizedOperations = true };
            _description = await _admin!.DescribeClusterAsync(options).WaitAsync(cancellationToken);
        }
        catch (KafkaException)
        {
            // Not allowed, or not answered: the cluster works all the same.
        }
    }

    private async Task<IReadOnlyDictionary<string, string>?> SettingsAsync(ResourceType type, string name, CancellationToken cancellationToken)
    {
        var key = $"{type} {name}";
        if (!_settings.TryGetValue(key, out var settings))
        {
            settings = _settings[key] = await ReadSettingsAsync(new ConfigResource { Type = type, Name = name }, cancellationToken);
        }

        return settings;
    }

    private async Task<IReadOnlyDictionary<string, string>?> ReadSettingsAsync(ConfigResource resource, CancellationToken cancellationToken)
    {
        if (!_describesSettings)
        {
            return null;
        }

        try
        {
            var results = await _admin!.DescribeConfigsAsync([resource], new DescribeConfigsOptions { RequestTimeout = Patience }).WaitAsync(cancellationToken);
            return results[0].Entries.Where(entry => entry.Value.Value is not null).ToDictionary(entry => entry.Key, entry => entry.Value.Value);
        }
        catch (KafkaException)
        {
            return null;
        }
    }

    private IAdminClient Build() =>
        new AdminClientBuilder(KafkaClientConfig.Of(kafka, "connector-portal-probe"))
            .SetErrorHandler((_, error) =>
            {
                // A broker that the cluster named refuses only what goes to itself, which the listeners' own check explains better.
                var refuses = error.Code is ErrorCode.Local_Authentication or ErrorCode.Local_Ssl && error.Reason.Contains("/bootstrap: ", StringComparison.Ordinal);
                if (refuses || error.IsFatal)
                {
                    _refusal.TrySetResult(error);
                }
            })
            .SetLogHandler((_, _) => { })
            .Build();

    private StageOutcome Refused(Error error) => error.Code switch
    {
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed => StageOutcome.Failed(
            "bad-credentials",
            $"Kafka refused the user {kafka.UserName} (SASL_AUTHENTICATION_FAILED): {Shorten(error.Reason)}",
            "Check user name, password and mechanism."),
        ErrorCode.Local_Ssl => StageOutcome.Failed(
            "tls-failed", $"Kafka's client could not agree on TLS: {Shorten(error.Reason)}", "Check the CA and the client certificate."),
        _ => StageOutcome.Failed(
            "no-answer", $"Kafka did not answer after the sign-in: {Shorten(error.Reason)}", "Look into the broker's log; it may be overloaded or starting."),
    };

    /// <summary>Without the address and the kind that librdkafka puts before, and the state that it puts behind.</summary>
    private static string Shorten(string reason)
    {
        var start = Behind(reason, "SASL authentication error: ") ?? Behind(reason, "/bootstrap: ") ?? 0;
        var end = reason.LastIndexOf(" (after ", StringComparison.Ordinal);
        return end > start ? reason[start..end] : reason[start..];
    }

    private static int? Behind(string text, string mark) =>
        text.IndexOf(mark, StringComparison.Ordinal) is var at and >= 0 ? at + mark.Length : null;
}
