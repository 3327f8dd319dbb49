using Portal.Client.Contracts;

namespace Portal.Server.Api.Requests;

/// <summary>A part of a request that was read, or what is wrong with it.</summary>
internal interface IChecked
{
    IReadOnlyList<FieldError> Errors { get; }
}
