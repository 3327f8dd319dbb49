using Portal.Engine.Sources;

namespace Portal.Engine.Mapping.Headers;

/// <summary>Looks up user properties (MQTT 5, section 3.3.2.3.7), and names those that an MQTT service adds on delivery.</summary>
internal static class UserProperties
{
    public static ReadOnlySpan<byte> MessageId => "$__messageId"u8;

    public static ReadOnlySpan<byte> MessageTimestamp => "$__messageTimestamp"u8;

    public static ReadOnlySpan<byte> PublisherClientId => "$__publisherClientId"u8;

    public static ReadOnlySpan<byte> PublisherClientHost => "$__publisherClientHost"u8;

    public static ReadOnlySpan<byte> PublisherUsername => "$__publisherUsername"u8;

    /// <summary>The value of a user property; of duplicates the last.</summary>
    public static bool TryFind(ReadOnlySpan<byte> properties, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var found = false;
        value = default;
        var reader = new PropertyReader(properties);
        while (reader.Read())
        {
            if (reader.Property == PublishProperty.UserProperty && reader.Name.SequenceEqual(name))
            {
                value = reader.Value;
                found = true;
            }
        }

        return found;
    }
}
