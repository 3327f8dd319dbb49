using System.Globalization;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Sandbox.Mqtt;

/// <summary>A client that is not MQTTnet's: two ends of one library may share an error.</summary>
public sealed class MosquittoSubTests
{
    [Theory]
    [InlineData("5")]
    [InlineData("311")]
    public async Task TwoMembersOfAGroup_ShareTheLoad(string version)
    {
        var mosquittoSub = Tool.Require("mosquitto_sub", "mosquitto-clients");
        await using var broker = await TestBroker.StartAsync();
        await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, "publisher");
        var members = Enumerable.Range(0, 2).Select(i => Tool.RunAsync(
            mosquittoSub, "-V", version, "-h", "127.0.0.1", "-p", broker.Port.ToString(CultureInfo.InvariantCulture), "-u", "tester", "-P", "secret",
            "-i", $"sub{i}", "-q", "1", "-t", "$share/g/plant/#", "-C", "10", "-W", "60")).ToArray();
        await Eventually.TrueAsync(async () => (await broker.GetClientIdsAsync()).Count == 3, "both members are connected");

        // Whoever subscribed first gets all until the other has too; each ends after ten.
        var sent = 0;
        while (!Task.WhenAll(members).IsCompleted)
        {
            await publisher.PublishAsync("plant/line1", $"{sent++}");
        }

        var received = string.Concat(await Task.WhenAll(members)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(20, received.Length);
        Assert.Equal(20, received.Distinct().Count());
    }
}
