using Portal.Client.Contracts;

namespace Portal.Client.Components.Forms;

/// <summary>What an input says about itself when something is wrong with it.</summary>
public static class FieldLooks
{
    /// <summary>The value of <c>aria-invalid</c>, or null.</summary>
    public static string? Invalid(this IReadOnlyList<FieldError> errors, string field) =>
        errors.Any(error => error.Field == field) ? "true" : null;

    /// <summary>The errors that no field of a form shows, so that none is lost.</summary>
    public static IReadOnlyList<FieldError> Beside(this IReadOnlyList<FieldError> errors, params string[] fields) =>
        [.. errors.Where(error => !fields.Contains(error.Field))];
}
