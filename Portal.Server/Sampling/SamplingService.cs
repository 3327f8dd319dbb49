using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Sampling;
using Portal.Engine.Specs;
using Portal.Server.Audit;
using Portal.Server.Connections.Probing;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data;
using Portal.Server.Security;

namespace Portal.Server.Sampling;

/// <inheritdoc cref="ISamplingService"/>
internal sealed class SamplingService(
    IDbContextFactory<PortalDb> databases, ChangeGate gate, AuditTrail audit, BrokerSpecs brokers, ISampler sampler, SampleSeats seats) : ISamplingService
{
    /// <summary>What was found to listen to, or why there is nothing.</summary>
    private sealed record Place(MqttBrokerSpec? Broker, AuditSubject Subject, CommandResult? Trouble);

    public IReadOnlyList<FieldError> Check(SampleRequest request) => SampleRules.Check(request);

    public IReadOnlyList<FieldError> Check(PreviewRequest request) => SampleRules.Check(request);

    public async IAsyncEnumerable<SampleView> ListenAsync(SampleRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = await PlaceAsync(request, cancellationToken);
        var (actor, refusal) = await gate.EnterAsync("sample messages of", place.Subject, cancellationToken);
        var errors = Check(request);
        refusal ??= errors.Count > 0 ? CommandResult.Invalid(errors) : place.Trouble;
        using var seat = refusal is null ? seats.Take() : null;
        if (seat is null)
        {
            refusal ??= CommandResult.Not(
                CommandOutcome.Refused, $"{SampleSeats.Most} samples run already, which is as many as this server allows. Wait until one ends.");
            yield return new SampleView { Progress = SampleProgress.Ended, Ending = refusal.Text, Failed = true, Refusal = refusal };
            yield break;
        }

        var filters = string.Join(", ", request.Topics);
        await WriteAsync(actor, "start sampling", place.Subject, new ChangeText().Note($"topics: {filters}").Note($"at most {request.Messages} messages are kept, for {request.Seconds} s"));
        var last = new SampleReport();
        try
        {
            await foreach (var report in sampler.ListenAsync(Order(request, place.Broker!), cancellationToken))
            {
                last = report;
                yield return SampleTranslation.View(report);
            }
        }
        finally
        {
            // Whoever leaves the page or cancels the request ends the sample too; that must be on record all the same.
            var how = last.End is null ? "stopped by hand" : SampleTranslation.View(last).Ending!;
            await WriteAsync(actor, "stop sampling", place.Subject, new ChangeText().Note($"messages received: {last.Received}, bytes: {last.Bytes}").Note(how));
        }
    }

    public MappingPreview Preview(PreviewRequest request)
    {
        var spec = PipelineSpecCompiler.Compile(
            "task-00000000", 0, request.Settings, new MqttBrokerSpec { Endpoints = [] }, new KafkaSpec { BootstrapServers = "" });
        var previewer = new RecordPreviewer(spec.Mapping, spec.Filter, spec.Sink.Partitioning);
        return new MappingPreview
        {
            Records = [.. request.Messages.Select(message => SampleTranslation.Record(previewer.Preview(SampleTranslation.Message(message)), spec.Sink, request.Partitions))],
            Hints = FilterHints.Of(request.Settings.Filter, request.Messages),
        };
    }

    private static SampleOrder Order(SampleRequest request, MqttBrokerSpec broker) => new()
    {
        Broker = broker,
        Filters = request.Topics,
        MaxMessages = request.Messages,
        EndsWhenFull = request.EndsWhenFull,
        MaxTime = TimeSpan.FromSeconds(request.Seconds),
    };

    private async Task<Place> PlaceAsync(SampleRequest request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Connections.AsNoTracking().Include(one => one.MqttCluster).FirstOrDefaultAsync(one => one.Id == request.ConnectionId, cancellationToken);
        var task = await db.ConnectorTasks.Where(one => one.Id == request.TaskId).Select(one => one.Name).FirstOrDefaultAsync(cancellationToken);
        var subject = task is not null ? AuditSubject.ConnectorTask(request.TaskId, task) : AuditSubject.Connection(request.ConnectionId, row?.Name ?? "");
        if (row is null)
        {
            return new Place(null, subject, CommandResult.Not(CommandOutcome.NotFound, "This connection does not exist any more. Choose another one."));
        }

        try
        {
            return new Place(brokers.Mqtt(row.MqttCluster, row), subject, null);
        }
        catch (CryptographicException)
        {
            return new Place(null, subject, CommandResult.Not(
                CommandOutcome.Refused, "The stored password or key cannot be read with the keys in the data folder. Type it again and save the connection."));
        }
    }

    private async Task WriteAsync(Actor actor, string action, AuditSubject subject, ChangeText text)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        audit.Add(db, actor, action, subject, text);
        await db.SaveChangesAsync(CancellationToken.None);
    }
}
