namespace Portal.Client.Pages.Clusters.Editing.Filling;

/// <summary>What a pasted text became.</summary>
/// <typeparam name="TDraft">The form that it fills.</typeparam>
/// <param name="Draft">The form with what was understood; null when nothing was.</param>
/// <param name="Notes">What was left out or is to be done elsewhere, a sentence each; or why nothing was understood. Never a secret.</param>
public sealed record Pasted<TDraft>(TDraft? Draft, IReadOnlyList<string> Notes)
    where TDraft : class;
