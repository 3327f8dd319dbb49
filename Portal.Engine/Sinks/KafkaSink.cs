using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Portal.Engine.Mapping;
using Portal.Engine.Sinks.Failures;
using Portal.Engine.Sinks.Producing;
using Portal.Engine.Sinks.Topics;
using Portal.Engine.Specs;
using Portal.Engine.Telemetry;

namespace Portal.Engine.Sinks;

/// <summary>
/// The sink of one pipeline: one idempotent producer with <c>acks=all</c>, made at the first message, given back after ten idle
/// minutes, replaced when it is lost.
/// </summary>
/// <remarks>
/// Sending allocates nothing in the steady state and takes no lock of ours. A record that Kafka could not take because of Kafka is
/// never given up: it stays open, and <see cref="State"/> says why.
/// </remarks>
public sealed partial class KafkaSink : IRecordSink
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan IdleLook = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FlushLook = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Settings = TimeSpan.FromSeconds(5);

    private readonly SinkSetting _setting;
    private readonly SinkConditions _conditions;
    private readonly RenewalPause _pause;
    private readonly ITimer _idleTimer;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _disposing = new();
    private volatile ProducerLife? _life;
    private volatile ProducerLife? _renewing;
    private int _batchBytes;
    private int _beginning;
    private int _notBegun;
    private int _disposed;

    /// <summary>Makes a sink; connects to nothing yet.</summary>
    public KafkaSink(
        string taskId,
        SinkSpec sink,
        DeliverySpec delivery,
        ISinkListener listener,
        ITopicCreator creator,
        TimeProvider time,
        ILogger<KafkaSink> logger)
        : this(new DeadLetterOrigin(taskId, null, null), sink, delivery, listener, creator, time, logger)
    {
    }

    internal KafkaSink(
        DeadLetterOrigin origin,
        SinkSpec sink,
        DeliverySpec delivery,
        ISinkListener listener,
        ITopicCreator creator,
        TimeProvider time,
        ILogger<KafkaSink> logger)
    {
        _conditions = new SinkConditions(listener, time);
        _setting = new SinkSetting(origin.TaskId, sink, delivery, listener, _conditions, creator, time, logger, origin);
        _pause = new RenewalPause(_setting.Retries, time);
        // A batch must pass where its largest record passes.
        _batchBytes = Math.Clamp(sink.MaxMessageBytes, 1, ProducerSettings.LargestBatch);
        _idleTimer = time.CreateTimer(_ => _ = EndIdleAsync(), null, IdleLook, IdleLook);
    }

    /// <inheritdoc/>
    public SinkState State => _conditions.State;

    /// <inheritdoc/>
    public int Open => _life?.Open ?? 0;

    /// <summary>Whether a producer exists at the moment.</summary>
    internal bool HasProducer => _life is not null;

    private bool CannotGoOn => State.Condition is SinkCondition.Lost or SinkCondition.Stopped || Volatile.Read(ref _disposed) != 0;

    /// <inheritdoc/>
    public SendResult Send(KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token) =>
        CannotGoOn ? SendResult.NotReady : _life is { } life ? life.Send(record, value, token) : Begin();

    /// <inheritdoc/>
    public SendResult Refuse(KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token, string reason) =>
        CannotGoOn ? SendResult.NotReady : _life is { } life ? life.Refuse(record, value, token, reason) : Begin();

    /// <inheritdoc/>
    public void ForgetTopics() => (_life ?? _renewing)?.Topics.ForgetRefused();

    /// <inheritdoc/>
    public void Hurry() => _life?.Hurry();

    /// <inheritdoc/>
    public bool TryNow() => _setting.Retries.TryNow();

    /// <inheritdoc/>
    public async Task<bool> FlushAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var begun = _setting.Time.GetTimestamp();
        while (_life is { Open: > 0 } life)
        {
            if (_setting.Time.GetElapsedTime(begun) >= limit)
            {
                return false;
            }

            life.Hurry();
            await Task.Delay(FlushLook, _setting.Time, cancellationToken);
        }

        return true;
    }

    /// <inheritdoc/>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        await _gate.WaitAsync(either.Token);
        try
        {
            var old = _life;
            _life = null;
            if (old is not null)
            {
                await EndAsync(old);
                _batchBytes = old.NextBatchBytes;
            }

            _conditions.BeginRenewal(needsYou: old?.Denied is not null);
            if (old is not { WantsSmallerBatches: true })
            {
                await _pause.BeforeNextAsync(either.Token);
            }

            _life = await BeginReadyAsync(old, either.Token);
            _conditions.Renewed();
            Log.Renewed(_setting.Logger, _setting.TaskId);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the producer without waiting for Kafka, within 10 s. What is open stays unanswered.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _disposing.CancelAsync();
        await _idleTimer.DisposeAsync();
        await _gate.WaitAsync();
        try
        {
            if (_life is { } life)
            {
                _life = null;
                await EndAsync(life);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A client that hangs in name resolution must hold up neither a stop nor a renewal; it ends by itself later.</summary>
    private async Task EndAsync(ProducerLife life)
    {
        var ending = life.DisposeAsync().AsTask();
        if (await Task.WhenAny(ending, Task.Delay(EndLimit, _setting.Time, CancellationToken.None)) != ending)
        {
            Log.EndsLate(_setting.Logger, _setting.TaskId, EndLimit);
        }
    }

    private SendResult Begin()
    {
        if (Interlocked.Exchange(ref _beginning, 1) == 0)
        {
            _ = Task.Run(BeginAsync);
        }

        return SendResult.QueueFull;
    }

    private async Task BeginAsync()
    {
        try
        {
            await _gate.WaitAsync(_disposing.Token);
            try
            {
                if (_life is null)
                {
                    _life = await BeginLifeAsync(_disposing.Token);
                    _notBegun = 0;
                    // Why there was none is over. Nothing else would say so where no topic is asked after before the first record is taken.
                    _conditions.Answered();
                }
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed meanwhile.
        }
        catch (Exception exception)
        {
            // No thread, no library: what this process lacks may come back, and is no reason to say that all is well.
            Log.NotBegun(_setting.Logger, _setting.TaskId, exception);
            _conditions.Silent(SinkWords.BadSettings(exception.Message), needsYou: true);
            await _setting.Retries.PauseAsync(++_notBegun + 1, Settings, _disposing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            Volatile.Write(ref _beginning, 0);
        }
    }

    /// <summary>A producer whose settings are wrong is tried again too: a certificate that has to be read again may be right by then.</summary>
    private async Task<ProducerLife> BeginLifeAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 2; ; attempt++)
        {
            if (ProducerLife.TryBegin(_setting, _batchBytes, out var error) is { } life)
            {
                return life;
            }

            _conditions.Silent(SinkWords.BadSettings(error!), needsYou: true);
            await _setting.Retries.PauseAsync(attempt, Settings, cancellationToken);
        }
    }

    private async Task<ProducerLife> BeginReadyAsync(ProducerLife? old, CancellationToken cancellationToken)
    {
        var life = await BeginLifeAsync(cancellationToken);
        _renewing = life;
        try
        {
            await life.ReadyAsync(old?.Topics.Latest, cancellationToken);
            if (old?.Denied is { Code: ErrorCode.TopicAuthorizationFailed, Topic: var denied })
            {
                var words = SinkWords.Of(ErrorCode.TopicAuthorizationFailed, denied);
                await WriteRight.WaitAsync(
                    _setting.Sink.Kafka, denied, () => _conditions.RefuseTopic(denied, words), _setting.Retries, cancellationToken);
            }

            return life;
        }
        catch
        {
            await EndAsync(life);
            throw;
        }
        finally
        {
            _renewing = null;
        }
    }

    private async Task EndIdleAsync()
    {
        // Not while something is wrong: the look-ups of this producer are what ends it.
        if (_life is not { } life || life.IdleFor < IdleLimit || !_conditions.IsReady)
        {
            return;
        }

        if (!await _gate.WaitAsync(TimeSpan.Zero, CancellationToken.None))
        {
            return;
        }

        try
        {
            if (ReferenceEquals(_life, life) && life.IdleFor >= IdleLimit)
            {
                await life.DrainAsync(_disposing.Token);
                _life = null;
                await EndAsync(life);
                Log.Idle(_setting.Logger, _setting.TaskId);
            }
        }
        catch (Exception exception)
        {
            life.Break(exception);
        }
        finally
        {
            _gate.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EngineEvents.ProducerRenewed, LogLevel.Information, "{TaskId}: Kafka answers, a new producer is ready")]
        public static partial void Renewed(ILogger logger, string taskId);

        [LoggerMessage(EngineEvents.ProducerIdle, LogLevel.Debug, "{TaskId}: nothing to send for ten minutes, the Kafka producer was closed")]
        public static partial void Idle(ILogger logger, string taskId);

        [LoggerMessage(EngineEvents.ProducerNotBegun, LogLevel.Error, "{TaskId}: no Kafka producer could be made; it is tried again")]
        public static partial void NotBegun(ILogger logger, string taskId, Exception exception);

        [LoggerMessage(EngineEvents.ProducerEndsLate, LogLevel.Warning, "{TaskId}: the Kafka producer did not end within {Limit}, it ends later")]
        public static partial void EndsLate(ILogger logger, string taskId, TimeSpan limit);
    }
}
