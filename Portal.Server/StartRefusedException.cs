namespace Portal.Server;

/// <summary>The server cannot start, for a reason that whoever starts it can mend. Its message is all that is shown: setting, cause, remedy.</summary>
internal sealed class StartRefusedException(string message, Exception? cause = null) : Exception(message, cause);
