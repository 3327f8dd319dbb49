namespace Portal.Client.Wizards.Connections;

/// <summary>The steps of the connection wizard.</summary>
public enum ConnectionStep
{
    /// <summary>What kind of connection.</summary>
    Type,

    /// <summary>Name, cluster, user.</summary>
    Configure,

    /// <summary>Tried against the live broker.</summary>
    Validate,
}

/// <summary>The steps in addresses.</summary>
public static class ConnectionSteps
{
    /// <summary>As in the address of the page.</summary>
    public static string Slug(this ConnectionStep step) => step switch
    {
        ConnectionStep.Type => "type",
        ConnectionStep.Configure => "details",
        _ => "verify",
    };

    /// <summary>The step of an address; the first one for what is none.</summary>
    public static ConnectionStep FromSlug(string? slug) =>
        Enum.GetValues<ConnectionStep>().FirstOrDefault(step => step.Slug() == slug);
}
