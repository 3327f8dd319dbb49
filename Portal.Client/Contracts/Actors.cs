namespace Portal.Client.Contracts;

/// <summary>The roles. A page may hide or explain what a role may not do; the services decide.</summary>
public static class Roles
{
    /// <summary>May change everything.</summary>
    public const string Administrator = "Administrator";

    /// <summary>May look at everything but secrets, and change nothing.</summary>
    public const string Viewer = "Viewer";
}
