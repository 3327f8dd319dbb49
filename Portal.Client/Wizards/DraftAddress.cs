using Microsoft.AspNetCore.Components;

namespace Portal.Client.Wizards;

/// <summary>Where a draft stands in the address of its wizard: <c>/tasks/new/{id}/{step}</c>.</summary>
internal static class DraftAddress
{
    /// <summary>The id of the draft in the present address, or null.</summary>
    public static string? Id(NavigationManager navigation) =>
        new Uri(navigation.Uri).AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) is [_, "new", var id, ..] ? id : null;
}
