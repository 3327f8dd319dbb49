using Portal.Engine.Probing;

namespace Portal.Tests.Engine.Probing.Faults;

/// <summary>One thing that can be wrong, and every word that a person must be told about it.</summary>
/// <param name="Name">What is wrong, as the name of the test.</param>
/// <param name="Arrange">Makes it wrong, and says what to probe.</param>
/// <param name="Stage">The step where it shows.</param>
/// <param name="Code">The code of the cause.</param>
/// <param name="Text">What was found; {at} stands for host and port, {port} for the port.</param>
/// <param name="Advice">What to do about it, with the same places to fill.</param>
internal sealed record Fault(string Name, Func<FaultRig, Probing> Arrange, string Stage, string Code, string Text, string Advice)
{
    /// <summary>Failed, unless it is no more than a warning.</summary>
    public ProbeState State { get; init; } = ProbeState.Failed;

    /// <summary>Nobody answers: time has to run faster than the clock.</summary>
    public bool IsSilent { get; init; }
}

/// <summary>Runs a probe against what was arranged.</summary>
internal delegate IAsyncEnumerable<ProbeReport> Probing(TimeProvider time, CancellationToken cancellationToken);
