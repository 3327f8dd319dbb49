using Portal.Sandbox.Mqtt.Groups;

namespace Portal.Tests.Sandbox.Mqtt;

public sealed class SharedFilterTests
{
    [Theory]
    [InlineData("$share/g")]
    [InlineData("$share/")]
    [InlineData("$share//a")]
    [InlineData("$share/g/")]
    [InlineData("$share/g+/a")]
    [InlineData("$share/g/a#")]
    [InlineData("$share/g/#/a")]
    [InlineData("$share/g/a+/b")]
    public void Parse_OfWhatMqttForbids_IsNull(string subscription) => Assert.Null(SharedFilter.Parse(subscription));

    [Theory]
    [InlineData("$share/g/a", "g", "a")]
    [InlineData("$share/task_1//a/", "task_1", "/a/")]
    [InlineData("$share/g/+/a/#", "g", "+/a/#")]
    [InlineData("$share/g/#", "g", "#")]
    public void Parse_OfWhatMqttAllows_SplitsIt(string subscription, string group, string filter) =>
        Assert.Equal(new SharedFilter(group, filter), SharedFilter.Parse(subscription));
}
