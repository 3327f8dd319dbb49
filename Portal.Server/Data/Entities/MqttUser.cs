namespace Portal.Server.Data.Entities;

/// <summary>A user of the embedded broker.</summary>
internal sealed class MqttUser
{
    public required string Name { get; init; }

    /// <summary>Encrypted and not hashed: a connection is made with it without a person typing it.</summary>
    public required string Password { get; set; }

    public string Remark { get; set; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }
}
