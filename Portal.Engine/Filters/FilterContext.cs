using System.Buffers.Text;
using System.Text.Json;
using Portal.Engine.Filters.Payloads;
using Portal.Engine.Mapping.Payloads;
using Portal.Engine.Sources;

namespace Portal.Engine.Filters;

/// <summary>One evaluation of a filter: the message, and its payload read at most once, when the first condition asks for it.</summary>
internal ref struct FilterContext(InboundMessage message, PayloadPaths paths)
{
    private readonly InboundMessage _message = message;
    private PayloadPlace[]? _places;

    public readonly InboundMessage Message => _message;

    /// <summary>Room for texts that are made while evaluating; valid until the evaluation ends.</summary>
    public FilterScratch Scratch => field ??= FilterScratch.Begin();

    /// <summary>The value at one of the filter's payload paths.</summary>
    public FilterValue Payload(int path)
    {
        if (_places is null)
        {
            _places = Scratch.Places(paths.Count);
            paths.Read(_message.Payload, _places);
        }

        var place = _places[path];
        if (place.Length == 0)
        {
            return default;
        }

        var value = new JsonValue(place.Kind, place.IsEscaped, _message.Payload.Slice(place.Start, place.Length));
        switch (value.Kind)
        {
            case JsonTokenType.Null:
                return default;
            case JsonTokenType.True:
            case JsonTokenType.False:
                return FilterValue.Of(value.Kind == JsonTokenType.True);
            case JsonTokenType.Number:
                return FilterValue.NumberOf(value.Raw);
            case JsonTokenType.String when !value.IsEscaped:
                return FilterValue.Of(value.Inner);
            case JsonTokenType.String:
                var room = Scratch.Take(value.Raw.Length);
                return value.TryUnescape(room, out var length) ? FilterValue.Of(room[..length]) : default;
            default:
                return FilterValue.Of(value.Raw);
        }
    }

    /// <summary>A value as text: a truth value is <c>true</c> or <c>false</c>, a number as it was written. Not for Null.</summary>
    public ReadOnlySpan<byte> TextOf(FilterValue value)
    {
        if (value.Kind == FilterValueKind.Text || !value.Text.IsEmpty)
        {
            return value.Text;
        }

        if (value.Kind == FilterValueKind.Boolean)
        {
            return value.Integer != 0 ? "true"u8 : "false"u8;
        }

        var room = Scratch.Take(32);
        return (value.Kind == FilterValueKind.Integer
            ? Utf8Formatter.TryFormat(value.Integer, room, out var length)
            : Utf8Formatter.TryFormat(value.Real, room, out length))
            ? room[..length]
            : default;
    }
}
