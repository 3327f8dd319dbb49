using Portal.Client.Components.Review;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.Clusters.Editing.Saving;

/// <summary>Somebody saved a newer revision while the form was open.</summary>
/// <param name="Actor">Who; null when that was not kept.</param>
/// <param name="Number">The revision.</param>
/// <param name="At">When.</param>
/// <param name="Theirs">What they changed.</param>
/// <param name="Clashes">What both changed, differently.</param>
public sealed record SaveConflict(string? Actor, long Number, DateTimeOffset At, IReadOnlyList<DiffLine> Theirs, IReadOnlyList<string> Clashes);

/// <summary>What a dialog saved.</summary>
/// <param name="Id">The cluster or the instance.</param>
/// <param name="Test">The last test of exactly what was saved, or null.</param>
public sealed record SavedCluster(string Id, ValidationReport? Test);
