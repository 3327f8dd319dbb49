using Portal.Client.Contracts;
using Portal.Client.Wizards.ConnectorTasks;

namespace Portal.Tests.Client.Wizards.ConnectorTasks;

public class DeliveryPromiseTests
{
    private static readonly ConnectorTaskDraft Defaults = new();

    [Fact]
    public void Promise_Defaults_IsAtLeastOnceWithoutCaveats()
    {
        var promise = DeliveryPromise.Of(Defaults);

        Assert.True(promise.AtLeastOnce);
        Assert.StartsWith("At least once:", promise.Text);
        Assert.Empty(promise.Caveats);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Promise_Qos0OrCleanSession_IsNotAtLeastOnce(int qos, bool cleanSession)
    {
        var promise = DeliveryPromise.Of(Defaults with { Qos = qos, CleanSession = cleanSession });

        Assert.False(promise.AtLeastOnce);
        Assert.StartsWith("Not at least once:", promise.Text);
    }

    [Fact]
    public void Promise_SeveralClients_GivesUpOrderAcrossThem() =>
        Assert.Contains("order holds within each client", Assert.Single(DeliveryPromise.Of(Defaults with { Clients = 4 }).Caveats));

    [Fact]
    public void Promise_Qos2_WarnsThatItDiesWithItsSession() =>
        Assert.Contains("lost if that client's session ends", Assert.Single(DeliveryPromise.Of(Defaults with { Qos = 2 }).Caveats));

    [Fact]
    public void Promise_EverythingRisky_NamesEachCaveat()
    {
        var promise = DeliveryPromise.Of(Defaults with { Qos = 0, CleanSession = true, Clients = 2, OnFailure = FailurePolicyKind.Discard });

        Assert.Equal(4, promise.Caveats.Count);
    }
}
