namespace Portal.Client.Contracts;

/// <summary>The server cannot store anything at the moment. Tasks go on; what people change and the history do not.</summary>
/// <param name="Text">Cause and what to do, in words.</param>
/// <param name="Since">When a save failed for the first time.</param>
/// <param name="IsOver">Whether saves succeed again.</param>
public sealed record StorageTrouble(string Text, DateTimeOffset Since, bool IsOver = false);

/// <summary>Nothing of a change was stored. The message names the cause and what to do, for people.</summary>
public sealed class StorageException(string message, Exception cause) : Exception(message, cause);
