namespace Portal.Engine.Probing;

/// <summary>What a stage found.</summary>
/// <param name="State">Passed, Warning, Failed or Skipped.</param>
/// <param name="Result">In words; several lines are separated by <c>\n</c>.</param>
/// <param name="Code">Stable code of the cause; null when nothing is wrong.</param>
/// <param name="Advice">What to do about it; null when nothing is to be done.</param>
internal sealed record StageOutcome(ProbeState State, string? Result, string? Code = null, string? Advice = null)
{
    public static StageOutcome Passed(string result) => new(ProbeState.Passed, result);

    public static StageOutcome Skipped(string result) => new(ProbeState.Skipped, result);

    public static StageOutcome Warning(string code, string result, string? advice = null) => new(ProbeState.Warning, result, code, advice);

    public static StageOutcome Failed(string code, string result, string advice) => new(ProbeState.Failed, result, code, advice);
}

/// <summary>One stage of a probe.</summary>
/// <param name="Name">The <see cref="ProbeStep.Name"/>.</param>
/// <param name="Title">The <see cref="ProbeStep.Title"/>.</param>
/// <param name="RunAsync">Does it. Is cancelled after <see cref="ProbeRunner.StageLimit"/>.</param>
/// <param name="EndsOnFailure">Whether the stages behind it make no sense when it failed.</param>
/// <param name="OutOfTime">What it means when the time is up before it has ended; null for a failure, since nobody answered.</param>
internal sealed record ProbeStage(
    string Name, string Title, Func<CancellationToken, Task<StageOutcome>> RunAsync, bool EndsOnFailure = true, Func<StageOutcome>? OutOfTime = null);
