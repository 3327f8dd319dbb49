namespace Portal.Server.Operations.Bulk;

/// <summary>One object that was selected.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Excluded">Why it is left out, in words; null when it is not.</param>
/// <param name="Loses">Whether messages sent while it rests are lost.</param>
internal readonly record struct BulkTarget(string Id, string Name, string? Excluded, bool Loses = false);
