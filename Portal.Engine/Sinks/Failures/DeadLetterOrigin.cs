namespace Portal.Engine.Sinks.Failures;

/// <summary>Whose dead letters a sink writes.</summary>
/// <param name="TaskId">The id of the connector task.</param>
/// <param name="TaskName">Its name when the sink was made, or null.</param>
/// <param name="Revision">Its revision then, or null.</param>
internal sealed record DeadLetterOrigin(string TaskId, string? TaskName, long? Revision);
