using Portal.Client.Contracts;

namespace Portal.Server.Api.Requests;

/// <summary>The time that a list is narrowed to, as it stands in the address.</summary>
internal readonly record struct WindowParameters(string? Age, string? From, string? To)
{
    public IReadOnlyList<FieldError> Errors => TimeWindow.Parse(Age, From, To).Errors;

    public TimeWindow Window => TimeWindow.Parse(Age, From, To).Window;
}
