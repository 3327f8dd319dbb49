namespace Portal.Client.Layout;

/// <summary>Where the static account pages of the server are.</summary>
public static class AccountPaths
{
    /// <summary>Sign in; takes <c>returnUrl</c>.</summary>
    public const string SignIn = "/account/sign-in";

    /// <summary>Sign out, by POST.</summary>
    public const string SignOut = "/account/sign-out";

    /// <summary>Change of one's own password.</summary>
    public const string Password = "/account/password";

    /// <summary>Users and roles, for Administrators.</summary>
    public const string Users = "/account/users";
}
