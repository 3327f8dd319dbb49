using Portal.Server.Account;

namespace Portal.Tests.Server.Account;

public class LocalUrlTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/tasks?q=a#b")]
    public void Or_OfAPathHere_KeepsIt(string url) => Assert.Equal(url, LocalUrl.Or(url, "/else"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tasks")]
    [InlineData("//evil.test")]
    [InlineData("/\\evil.test")]
    [InlineData("https://evil.test")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.test")]
    public void Or_OfAnythingElse_GoesElsewhere(string? url) => Assert.Equal("/else", LocalUrl.Or(url, "/else"));
}
