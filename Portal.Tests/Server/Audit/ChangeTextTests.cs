using Portal.Client.Contracts;
using Portal.Server.Audit;

namespace Portal.Tests.Server.Audit;

public class ChangeTextTests
{
    [Fact]
    public void Field_OfEqualValues_WritesNothing() => Assert.True(
        new ChangeText().Field("Name", "a", "a").Field("Topics", new[] { "a" }, new[] { "a" }).IsEmpty);

    [Fact]
    public void Field_OfDifferentValues_WritesFromAndTo() =>
        Assert.Equal(
            "Name: a → b\nTopics: x → x, y\nQos: 1\nFilter: z → ",
            new ChangeText()
                .Field("Name", "a", "b")
                .Field("Topics", new[] { "x" }, new[] { "x", "y" })
                .Field("Qos", null, 1)
                .Field("Filter", "z", null)
                .ToString());

    [Fact]
    public void Secret_NeverWritesItsValue() =>
        Assert.Equal(
            "Password: changed\nKey: removed",
            new ChangeText()
                .Secret("Password", SecretChange.Replace("hidden"))
                .Secret("Key", new SecretChange(SecretChangeKind.Remove))
                .Secret("Other", SecretChange.Keep)
                .ToString());
}
