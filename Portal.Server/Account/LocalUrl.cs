namespace Portal.Server.Account;

/// <summary>Where to go after signing in or out: only into this portal, whatever a link says.</summary>
internal static class LocalUrl
{
    public static string Or(string? url, string otherwise) =>
        url is { Length: > 0 } && url[0] == '/' && (url.Length == 1 || (url[1] != '/' && url[1] != '\\')) && !url.Any(char.IsControl)
            ? url
            : otherwise;
}
