using System.Globalization;
using Portal.Client.Contracts;

namespace Portal.Server.Api.Requests;

/// <summary>The revision of the object that the caller has read, from the address: <c>?revision=3</c>. Whoever saw an older one is told so, and overwrites nothing.</summary>
internal sealed class SeenRevision : IChecked
{
    private SeenRevision(long value, params IReadOnlyList<FieldError> errors) => (Value, Errors) = (value, errors);

    public long Value { get; }

    public IReadOnlyList<FieldError> Errors { get; }

    public static ValueTask<SeenRevision> BindAsync(HttpContext context) =>
        ValueTask.FromResult(long.TryParse(context.Request.Query["revision"], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? new SeenRevision(value)
            : new SeenRevision(0, new FieldError("revision", "Add the revision that you have read to the address, for example ?revision=3, so that nobody else's change is overwritten.")));
}
