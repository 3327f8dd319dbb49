namespace Portal.Client.Components.Forms;

/// <summary>A step in the head of a wizard.</summary>
/// <param name="Word">Its name.</param>
/// <param name="Href">Where it can be opened again once it is done, or null.</param>
/// <param name="Wrong">Whether something in it is wrong.</param>
public sealed record WizardStep(string Word, string? Href = null, bool Wrong = false);
