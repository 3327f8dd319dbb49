namespace Portal.Client.Components.Forms;

/// <summary>A step in the head of a wizard.</summary>
/// <param name="Word">Its name.</param>
/// <param name="Href">Where it can be opened, or null while it cannot.</param>
/// <param name="Wrong">Whether something in it is wrong.</param>
/// <param name="Errors">How many things, where they are counted.</param>
public sealed record WizardStep(string Word, string? Href = null, bool Wrong = false, int Errors = 0);
