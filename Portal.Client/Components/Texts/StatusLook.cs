using Portal.Client.Contracts;

namespace Portal.Client.Components.Texts;

/// <summary>How a status is shown: never by colour alone, so each has a shape and a word of its own.</summary>
/// <param name="Tone">The colour.</param>
/// <param name="Glyph">The shape.</param>
/// <param name="Word">The word.</param>
public sealed record StatusLook(Tone Tone, Glyph Glyph, string Word)
{
    /// <summary>The look of a check that is older than what it would have to be about.</summary>
    public static StatusLook Outdated { get; } = new(Tone.Warn, Glyph.Triangle, "Check outdated");

    /// <summary>The look of a connection's status.</summary>
    public static StatusLook Of(ConnectionStatus status) => status switch
    {
        ConnectionStatus.Running => new(Tone.Ok, Glyph.Check, "Available"),
        ConnectionStatus.Creating => new(Tone.Info, Glyph.Arc, "Verifying"),
        ConnectionStatus.Changing => new(Tone.Info, Glyph.Arc, "Changing"),
        ConnectionStatus.Deleting => new(Tone.Off, Glyph.Arc, "Deleting"),
        ConnectionStatus.Abnormal => new(Tone.Bad, Glyph.Octagon, "Unreachable"),
        ConnectionStatus.Outdated => Outdated,
        ConnectionStatus.ChangeFailed => new(Tone.Bad, Glyph.Octagon, "Change failed"),
        ConnectionStatus.CreateFailed => new(Tone.Bad, Glyph.Octagon, "Creation failed"),
        _ => new(Tone.Bad, Glyph.Octagon, "Deletion failed"),
    };

    /// <summary>The look of a task's status.</summary>
    public static StatusLook Of(ConnectorTaskStatus status) => status switch
    {
        ConnectorTaskStatus.Running => new(Tone.Ok, Glyph.Play, "Running"),
        ConnectorTaskStatus.Failed => new(Tone.Bad, Glyph.Octagon, "Failed"),
        ConnectorTaskStatus.Blocked => new(Tone.Warn, Glyph.Barrier, "Blocked"),
        ConnectorTaskStatus.Degraded => new(Tone.Warn, Glyph.Triangle, "Degraded"),
        ConnectorTaskStatus.Recovering => new(Tone.Info, Glyph.Arc, "Recovering"),
        ConnectorTaskStatus.Starting => new(Tone.Info, Glyph.Dots, "Starting"),
        ConnectorTaskStatus.Restarting => new(Tone.Info, Glyph.Turn, "Restarting"),
        ConnectorTaskStatus.Pausing => new(Tone.Info, Glyph.Dots, "Pausing"),
        ConnectorTaskStatus.Deleting => new(Tone.Off, Glyph.Dots, "Deleting"),
        _ => new(Tone.Off, Glyph.Pause, "Paused"),
    };

    /// <summary>The look of an MQTT client's state.</summary>
    public static StatusLook Of(LiveClientStatus status) => status switch
    {
        LiveClientStatus.Online => new(Tone.Ok, Glyph.Check, "Online"),
        LiveClientStatus.Connecting => new(Tone.Info, Glyph.Dots, "Connecting"),
        LiveClientStatus.Waiting => new(Tone.Warn, Glyph.Arc, "Waiting to try again"),
        LiveClientStatus.Draining => new(Tone.Info, Glyph.Dots, "Finishing"),
        _ => new(Tone.Off, Glyph.Dash, "Closed"),
    };

    /// <summary>The look of an operation, or of one item of it.</summary>
    public static StatusLook Of(OperationState state) => state switch
    {
        OperationState.Succeeded => new(Tone.Ok, Glyph.Check, "Done"),
        OperationState.Running => new(Tone.Info, Glyph.Arc, "Running"),
        OperationState.Paused => new(Tone.Warn, Glyph.Pause, "Stopped"),
        OperationState.Failed => new(Tone.Bad, Glyph.Octagon, "Failed"),
        OperationState.Cancelled => new(Tone.Off, Glyph.Dash, "Given up"),
        _ => new(Tone.Off, Glyph.Dots, "Waiting"),
    };

    /// <summary>The look of a step of a validation.</summary>
    public static StatusLook Of(ValidationState state) => state switch
    {
        ValidationState.Passed => new(Tone.Ok, Glyph.Check, "Passed"),
        ValidationState.Warning => new(Tone.Warn, Glyph.Triangle, "Passed with a remark"),
        ValidationState.Failed => new(Tone.Bad, Glyph.Octagon, "Failed"),
        ValidationState.Running => new(Tone.Info, Glyph.Arc, "Running"),
        ValidationState.Skipped => new(Tone.Off, Glyph.Dash, "Skipped"),
        _ => new(Tone.Off, Glyph.Dots, "Waiting"),
    };
}
