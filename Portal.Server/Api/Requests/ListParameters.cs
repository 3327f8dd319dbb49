using Portal.Client.Contracts;

namespace Portal.Server.Api.Requests;

/// <summary>The parameters of a list, with the same names as in the addresses of the pages.</summary>
internal readonly record struct ListParameters(
    string? Region, string? Q, string? Status, string? Conn, string? Sort, int? Page, int? Size)
{
    public ListQuery Query => new()
    {
        Region = Region,
        Search = Q,
        Status = Status?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
        ConnectionId = Conn,
        Sort = Sort,
        Page = Page ?? 1,
        Size = Size ?? 20,
    };
}
