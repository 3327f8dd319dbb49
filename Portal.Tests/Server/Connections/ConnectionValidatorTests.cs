using Portal.Client.Contracts;
using Portal.Server.Connections;

namespace Portal.Tests.Server.Connections;

public class ConnectionValidatorTests
{
    private static ConnectionDraft Good =>
        new() { Name = "any text, even ünïcode", MqttClusterId = "mqtt-1", UserName = "u", Password = SecretChange.Replace("p") };

    [Fact]
    public void CheckFields_OfAGoodDraft_FindsNothing() => Assert.Empty(Fields(Good));

    [Fact]
    public void CheckFields_WithoutCredentials_FindsNothing() => Assert.Empty(
        Fields(Good with { UserName = "", Password = SecretChange.Keep }));

    [Fact]
    public void CheckFields_OfAnEmptyDraft_FindsEverythingAtOnce() =>
        Assert.Equal(["Name", "MqttClusterId", "UserName"], Fields(new ConnectionDraft { Password = SecretChange.Replace("p") }));

    [Fact]
    public void CheckFields_OfWhatMqttCannotCarry_NamesTheField()
    {
        Assert.Equal(["UserName"], Fields(Good with { UserName = new string('ü', 32_768) }));
        Assert.Empty(Fields(Good with { UserName = new string('u', 65_535) }));
        Assert.Equal(["Password"], Fields(Good with { Password = SecretChange.Replace("a\0b") }));
    }

    private static IEnumerable<string> Fields(ConnectionDraft draft) => ConnectionValidator.CheckFields(draft).Select(error => error.Field);
}
