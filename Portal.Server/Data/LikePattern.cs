namespace Portal.Server.Data;

/// <summary>What people type, as a pattern of SQL's LIKE that finds it anywhere and takes every sign of it as itself.</summary>
internal static class LikePattern
{
    public const string Escape = @"\";

    public static string Containing(string text) => $"%{text.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
}
