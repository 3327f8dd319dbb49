namespace Portal.Server.Data.Entities;

internal sealed class RegionRow
{
    public required string Code { get; init; }

    public required string Name { get; set; }
}
