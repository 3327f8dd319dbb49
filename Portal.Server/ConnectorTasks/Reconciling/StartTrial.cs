using Portal.Engine.Pipelines;
using Portal.Engine.Specs;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>What a look at a pipeline says about its start with new settings.</summary>
internal enum TrialVerdict
{
    /// <summary>Not yet to be told.</summary>
    Open,

    /// <summary>It came up, or what holds it up is not what was changed.</summary>
    Passed,

    /// <summary>It does not come up with what was changed.</summary>
    Failed,
}

/// <summary>
/// The start of a pipeline whose new source or target passed its test: whether it comes up. A test is no proof; a right to subscribe, for one,
/// shows at the real SUBSCRIBE only.
/// </summary>
/// <param name="NewSource">Whether the way to the broker, or what is subscribed there, is another one than before.</param>
/// <param name="NewTarget">The same of Kafka.</param>
internal sealed record StartTrial(bool NewSource, bool NewTarget)
{
    /// <summary>How long it may take to come up where nothing says that a person must act.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What is new between two specs; null when a start with the one is no trial for who knows that the other works.</summary>
    public static StartTrial? Between(PipelineSpec former, PipelineSpec next)
    {
        var trial = new StartTrial(!former.Source.SameAs(next.Source), !former.Sink.SameAs(next.Sink) || former.Delivery != next.Delivery);
        return trial is { NewSource: false, NewTarget: false } ? null : trial;
    }

    public TrialVerdict Judge(PipelineSnapshot photo, TimeSpan waited) => photo switch
    {
        { HasFailed: true } => TrialVerdict.Failed,
        // A producer is made at the first message only.
        { Status: PipelineStatus.Running or PipelineStatus.Degraded, Books: { Delivered: 0, DeadLettered: 0 } } when NewTarget && waited < Patience => TrialVerdict.Open,
        { Status: PipelineStatus.Running or PipelineStatus.Degraded or PipelineStatus.Draining } => TrialVerdict.Passed,
        { Status: PipelineStatus.Blocked } when !NewTarget => TrialVerdict.Passed,
        { Status: PipelineStatus.Recovering } when !NewSource => TrialVerdict.Passed,
        { NeedsYou: true } => TrialVerdict.Failed,
        _ when waited < Patience => TrialVerdict.Open,
        { Status: PipelineStatus.Starting } when !NewSource || photo.Clients.Any(client => client.Status == TaskClientStatus.Online) => TrialVerdict.Passed,
        _ => TrialVerdict.Failed,
    };
}
