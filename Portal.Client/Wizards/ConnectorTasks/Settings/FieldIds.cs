namespace Portal.Client.Wizards.ConnectorTasks.Settings;

/// <summary>The element of a field, so that an error elsewhere on the page can lead to it.</summary>
public static class FieldIds
{
    /// <summary>The id of the control of a member of the draft, for example <c>field-AutoCreate-Partitions</c>.</summary>
    public static string Of(string field) =>
        $"field-{field.Replace('.', '-').Replace('[', '-').Replace("]", "", StringComparison.Ordinal)}";
}
