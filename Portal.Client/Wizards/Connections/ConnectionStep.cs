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
