namespace Portal.Tests;

public class PlaceholderTests
{
    [Fact]
    public void A() => Assert.Equal(2, 1 + 1);
}
