using Portal.Server.Data;

namespace Portal.Tests.Server.Data;

public class IdsTests
{
    [Fact]
    public void New_HasThePrefixAndEightLettersOrDigits()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => Ids.New(Ids.ConnectorTask)).ToList();

        Assert.All(ids, id => Assert.Matches("^task-[a-z0-9]{8}$", id));
        Assert.Equal(1000, ids.Distinct().Count());
    }
}
