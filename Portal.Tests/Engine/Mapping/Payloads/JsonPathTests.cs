using System.Runtime.ExceptionServices;
using System.Text;
using Portal.Engine.Filters;
using Portal.Engine.Mapping;
using Portal.Engine.Mapping.Payloads;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Mapping.Payloads;

public class JsonPathTests
{
    [Theory]
    [InlineData("$.a", """{"a":1}""", "1")]
    [InlineData("$.a", """  { "x" : {"a":0}, "a" : "t" }""", "t")]
    [InlineData("$.a", """{"a":1,"a":2}""", "1")]
    [InlineData("$.a", """{"\u0061":1}""", "1")]
    [InlineData("$[1].b", """[{"b":0},{"b":[]}]""", "[]")]
    [InlineData("$['it''s']", """{"it":1}""", null)]
    [InlineData("""$['it\'s']""", """{"it's":1}""", "1")]
    [InlineData("""$["a.b"]["c\\d"]""", """{"a.b":{"c\\d":{"e" : 1}}}""", """{"e" : 1}""")]
    [InlineData("$.größe-x_1", """{"größe-x_1":true}""", "true")]
    [InlineData("$.a.b", """{"a":1}""", null)]
    [InlineData("$.a[0]", """{"a":{"0":1}}""", null)]
    [InlineData("$.a[2]", """{"a":[1,2]}""", null)]
    [InlineData("$.a", """{"a":null}""", null)]
    [InlineData("$.a", """{"a":"\ud800"}""", null)]
    [InlineData("$.a", "", null)]
    [InlineData("$.a", "not json", null)]
    [InlineData("$.a", "{not json", null)]
    [InlineData("$.a", "5", null)]
    [InlineData("$.b", """{"a":1,"b":"cut""", null)]
    [InlineData("$.b", """{"a":1,"b":{"c":1""", null)]
    [InlineData("$.a", """{"a":1,"b":nonsense""", "1")]
    public void Path_InPayload_NamesAtMostOneValue(string text, string payload, string? expected)
    {
        if (!JsonPath.TryParse(text, out var path, out _))
        {
            Assert.Null(expected);
            return;
        }

        var record = new KafkaRecord();
        var found = path.TryFind(Encoding.UTF8.GetBytes(payload), out var value) && value.TryText(record);

        Assert.Equal(expected, found ? Encoding.UTF8.GetString(record.Bytes) : null);
    }

    [Theory]
    [InlineData("[INFO] started")]
    [InlineData("{t=3}")]
    [InlineData("{ ")]
    [InlineData("plain")]
    [InlineData("{'a':1}")]
    [InlineData("""{"b" 1,"a":1}""")]
    [InlineData("""{"b":1,,"a":1}""")]
    [InlineData("""{"b":sensor7,"a":1}""")]
    [InlineData("""{"b":01,"a":1}""")]
    [InlineData("""{"b":NaN,"a":1}""")]
    [InlineData("""{"b":"\x","a":1}""")]
    [InlineData("""{"\ud800":1,"a":1}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"b":[1,],"a":1}""")]
    [InlineData("""{"b":1/*,"a":1*/}""")]
    public void Path_InTextThatIsNoJson_IsToldWithoutAnException(string payload)
    {
        Assert.True(JsonPath.TryParse("$.a", out var path, out _));
        Assert.True(FilterExpression.TryParse("payload.a IS NOT NULL AND payload.a <> 'x'", out var filter, out _));
        var bytes = Encoding.UTF8.GetBytes(payload);
        var record = new KafkaRecord();
        var (thrown, here) = (0, Environment.CurrentManagedThreadId);
        void Count(object? sender, FirstChanceExceptionEventArgs args) => thrown += Environment.CurrentManagedThreadId == here ? 1 : 0;
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            Assert.False(path.TryFind(bytes, out var value) && value.TryText(record));
            filter.Matches(FakeMessage.Of(payload).Read());
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        Assert.Equal(0, thrown);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("a.b", 0)]
    [InlineData("$", 1)]
    [InlineData("$a", 1)]
    [InlineData("$.", 2)]
    [InlineData("$..a", 2)]
    [InlineData("$.*", 2)]
    [InlineData("$.a b", 3)]
    [InlineData("$.a[", 3)]
    [InlineData("$.a[]", 3)]
    [InlineData("$.a[-1]", 3)]
    [InlineData("$.a[1", 3)]
    [InlineData("$.a[99999999999]", 3)]
    [InlineData("$.a['b]", 4)]
    [InlineData("$.a['b'", 3)]
    [InlineData("$.a[0:2]", 3)]
    public void Path_NotOfTheSubset_SaysWhere(string text, int position)
    {
        Assert.False(JsonPath.TryParse(text, out _, out var error));
        Assert.Equal(position, error.Position);
    }

    [Fact]
    public void Path_PayloadDeeperThanItsReaderGoes_FindsNothing()
    {
        Assert.True(JsonPath.TryParse("$.a", out var path, out _));
        var payload = Encoding.UTF8.GetBytes($$"""{"b":{{new string('[', 10_000)}}""");

        Assert.False(path.TryFind(payload, out _));
    }
}
