using System.ComponentModel;
using Microsoft.Extensions.Options;
using Portal.Sandbox;
using Portal.Server.Embedded;
using Portal.Server.History;

namespace Portal.Server.Hosting;

/// <summary>Everything that is wrong with the settings at once: who mends one should not have to start again to hear of the next.</summary>
internal static class SettingsCheck
{
    /// <exception cref="StartRefusedException">With all of them.</exception>
    public static void Run(IServiceProvider services, IConfiguration settings)
    {
        List<string> errors =
        [
            .. KnownProxies.Errors(settings),
            .. ListenAddresses.Errors(settings),
            .. RegionSettings.Errors(settings),
            .. Section<MetricsOptions>(services, settings, MetricsOptions.Section),
            .. Section<RetentionOptions>(services, settings, RetentionOptions.Section),
            .. Section<SandboxOptions>(services, settings, SandboxOptions.Section, SandboxUserBook.ConnectorPasswordSetting),
        ];
        if (errors.Count > 0)
        {
            throw new StartRefusedException(string.Join(' ', errors));
        }
    }

    // Others: settings of the section that are no property of T.
    private static List<string> Section<T>(IServiceProvider services, IConfiguration settings, string section, params string[] others)
        where T : class
    {
        var properties = typeof(T).GetProperties()
            .Where(property => property.SetMethod is not null)
            .Select(property => (Name: $"{section}:{property.Name}", Type: property.PropertyType))
            .ToList();
        var known = properties.Select(property => property.Name).Concat(others).ToList();
        var unknown = settings.GetSection(section).GetChildren()
            .Where(setting => !known.Contains(setting.Path, StringComparer.OrdinalIgnoreCase))
            .Select(setting => $"{setting.Path} is no setting. There are {string.Join(", ", known)}.")
            .ToList();
        var wrong = properties
            .Where(property => settings[property.Name] is { Length: > 0 } text && !Fits(text, property.Type))
            .Select(property => $"{property.Name} is '{settings[property.Name]}', which is not {Words(property.Type)}.")
            .ToList();
        if (wrong.Count > 0)
        {
            // What cannot be bound cannot be judged further.
            return [.. wrong, .. unknown];
        }

        try
        {
            _ = services.GetRequiredService<IOptions<T>>().Value;
            return unknown;
        }
        catch (OptionsValidationException failed)
        {
            return [.. failed.Failures, .. unknown];
        }
    }

    private static bool Fits(string text, Type type)
    {
        try
        {
            return !TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string)) || TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text) is not null;
        }
        catch (Exception cause) when (cause is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }

    private static string Words(Type type) =>
        type == typeof(TimeSpan) ? "a time, written as days.hours:minutes:seconds"
        : type == typeof(bool) ? "true or false"
        : "a number that this setting can hold";
}
