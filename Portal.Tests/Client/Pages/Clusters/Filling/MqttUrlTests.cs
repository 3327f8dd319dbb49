using Portal.Client.Contracts;
using Portal.Client.Pages.Clusters.Editing.Filling;

namespace Portal.Tests.Client.Pages.Clusters.Filling;

public class MqttUrlTests
{
    [Theory]
    [InlineData("mqtt://b.example", "tcp://b.example:1883")]
    [InlineData("tcp://b.example:1884", "tcp://b.example:1884")]
    [InlineData("mqtts://b.example", "tls://b.example:8883")]
    [InlineData("ssl://10.0.0.1:18883", "tls://10.0.0.1:18883")]
    [InlineData("TLS://b.example", "tls://b.example:8883")]
    [InlineData("ws://b.example:8083", "ws://b.example:8083/mqtt")]
    [InlineData("ws://b.example/chat?x=1", "ws://b.example:80/chat?x=1")]
    [InlineData("wss://b.example/ws", "wss://b.example:443/ws")]
    [InlineData("mqtt://[::1]:1883", "tcp://::1:1883")]
    public void Read_OneAddress_FillsTheEndpoint(string url, string endpoint)
    {
        var pasted = MqttUrl.Read(url, new MqttClusterDraft { Name = "kept" });

        Assert.Equal([endpoint], pasted.Draft!.Endpoints.Select(one => one.ToString()));
        Assert.Equal("kept", pasted.Draft.Name);
        Assert.Empty(pasted.Notes);
    }

    [Fact]
    public void Read_Several_FillsAllOnce()
    {
        var pasted = MqttUrl.Read("mqtt://a:1, mqtt://b:2\nmqtt://a:1", new MqttClusterDraft());

        Assert.Equal(["tcp://a:1", "tcp://b:2"], pasted.Draft!.Endpoints.Select(one => one.ToString()));
    }

    [Theory]
    [InlineData("mqtts://alice@b:8883", "The user name belongs to the connection: give it there.")]
    [InlineData("mqtts://alice:hunter2@b:8883", "User name and password belong to the connection: give them there.")]
    public void Read_Credentials_AreLeftToTheConnection(string url, string note)
    {
        var pasted = MqttUrl.Read(url, new MqttClusterDraft());

        Assert.Equal([note], pasted.Notes);
        Assert.Equal([new ClusterEndpoint(EndpointTransport.Tls, "b", 8883)], pasted.Draft!.Endpoints);
    }

    [Theory]
    [InlineData("http://alice:hunter2@b", "An address that begins with http:// was not understood: use mqtt://, mqtts://, ws:// or wss:// and a host.")]
    [InlineData("mqtt://", "An address that begins with mqtt:// was not understood: use mqtt://, mqtts://, ws:// or wss:// and a host.")]
    [InlineData("alice:hunter2@b", "An address without a scheme was not understood: begin it with mqtt://, mqtts://, ws:// or wss://.")]
    [InlineData("  ", "Paste an address such as mqtts://broker.example:8883.")]
    public void Read_Nonsense_SaysWhyAndNeverRepeatsASecret(string text, string note)
    {
        var pasted = MqttUrl.Read(text, new MqttClusterDraft());

        Assert.Null(pasted.Draft);
        Assert.Equal([note], pasted.Notes);
    }
}
