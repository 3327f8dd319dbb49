using Portal.Engine.Filters;
using Portal.Engine.Mapping;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Filters;

public class FilterExpressionTests
{
    private const string Payload =
        """
        {"temp":31.5,"id":9007199254740993,"name":"Köln","on":true,"none":null,"text":"42","esc":"a\u00e4\n","o":{"k":[1,{"z":"deep"}],"x y":1},"temp":0}
        """;

    [Theory]
    [InlineData("WHERE region = 'gz' AND payload.temp > 30")]
    [InlineData("region = 'gz'")]
    [InlineData("where \"region\" = 'gz'")]
    [InlineData("`with-dash` = 'd'")]
    [InlineData("twice = 'second'")]
    [InlineData("topic = 'plant/line1/temp' AND clientid = 'device-1' AND qos = 1 AND retained")]
    [InlineData("Topic LIKE 'plant/%' and QOS >= 1 and RETAINED = TRUE and retained = 1 and retained <> 'false'")]
    [InlineData("\"topic\" = 'a property'")]
    [InlineData("$__publisherClientId = 'device-1'")]
    [InlineData("payload.temp = 31.5")]
    [InlineData("payload.id = 9007199254740993 AND payload.id <> 9007199254740992 AND payload.id > 9007199254740992")]
    [InlineData("payload.name = 'Köln' AND LENGTH(payload.name) = 4 AND UPPER(payload.name) = 'KÖLN' AND lower(payload.name) = 'köln'")]
    [InlineData("payload.on AND payload.on = true AND payload.on = 'TRUE' AND NOT (payload.on = FALSE)")]
    [InlineData("payload.none IS NULL AND payload.missing IS NULL AND payload.o.k[7] IS NULL AND missing IS NULL")]
    [InlineData("payload.text = 42 AND payload.text = '42' AND payload.text < 100")]
    [InlineData("payload.esc = 'aä\n'")]
    [InlineData("payload.o.k[1].z = 'deep' AND payload['o']['x y'] = 1 AND payload.o.k[0] = 1")]
    [InlineData("payload.o.k = '[1,{\"z\":\"deep\"}]'")]
    [InlineData("payload.o IS NOT NULL AND payload.o.k[1] LIKE '%deep%'")]
    [InlineData("number = 5 AND number < 10 AND number > 4.5 AND ABS(negative) = 7.5 AND ABS(-3) = 3")]
    [InlineData("ABS(-9223372036854775808) > 9223372036854775000 AND -9223372036854775808 < -9223372036854775807")]
    [InlineData("number IN (1, 5) AND number NOT IN (1, 2) AND region IN ('a', 'gz')")]
    [InlineData("region LIKE 'g_' AND region LIKE '%z' AND region NOT LIKE 'G%' AND region LIKE 'gz'")]
    [InlineData("percent LIKE '50\\%' ESCAPE '\\' AND percent NOT LIKE '5\\%' ESCAPE '\\'")]
    [InlineData("payload.name LIKE 'K_ln'")]
    [InlineData("quote = 'it''s'")]
    [InlineData("COALESCE(missing, payload.none, region, 'x') = 'gz'")]
    [InlineData("CASE WHEN number > 9 THEN 'high' WHEN number > 4 THEN 'middle' ELSE 'low' END = 'middle'")]
    [InlineData("CASE WHEN number > 9 THEN 1 END IS NULL")]
    [InlineData("CASE WHEN region = 'gz' THEN TRUE ELSE FALSE END")]
    [InlineData("NOT region = 'x' AND NOT NOT region = 'gz'")]
    [InlineData("region = 'x' OR region = 'y' OR region = 'gz'")]
    [InlineData("region = 'x' AND region = 'y' OR region = 'gz'")]
    [InlineData("LENGTH(number) = 1 AND LENGTH(payload.temp) = 4 AND LENGTH(retained) = 4")]
    [InlineData("1.5e1 = 15 AND -.5 < +0 AND '10' > 9 AND '10' < '9'")]
    public void Matches_True(string filter) => Assert.True(Evaluate(filter));

    [Theory]
    [InlineData("missing = 'x'")]
    [InlineData("missing <> 'x'")]
    [InlineData("NOT missing = 'x'")]
    [InlineData("missing NOT LIKE 'x'")]
    [InlineData("missing NOT IN ('x')")]
    [InlineData("region NOT IN ('x', missing)")]
    [InlineData("region > 5")]
    [InlineData("NOT region > 5")]
    [InlineData("number = ' 5'")]
    [InlineData("payload.temp = 0")]
    [InlineData("payload.on = 'yes'")]
    [InlineData("region = 'GZ'")]
    [InlineData("REGION = 'gz'")]
    [InlineData("spaces = 5")]
    [InlineData("infinite > 5")]
    [InlineData("ABS(region) IS NOT NULL")]
    [InlineData("payload.name")]
    [InlineData("NULL")]
    [InlineData("payload.Name IS NOT NULL")]
    public void Matches_FalseOrUnknown(string filter) => Assert.False(Evaluate(filter));

    [Theory]
    [InlineData("payload.a = 1", """{"a":1,""", true)]
    [InlineData("payload.a = 1 AND payload.b IS NULL", """{"a":1,"b":nonsense}""", true)]
    [InlineData("payload.a IS NULL", "garbage", true)]
    [InlineData("payload.a IS NULL", "", true)]
    [InlineData("payload.a IS NULL", "{broken", true)]
    [InlineData("payload[1] = 2", "[1,2]", true)]
    [InlineData("payload.a.b = 1", """{"a":{"x":0},"a":{"b":1}}""", false)]
    [InlineData("payload.a = '\\ud800' OR payload.a IS NULL", """{"a":"\ud800"}""", true)]
    [InlineData("payload.a.b = 1 AND payload.a LIKE '{%' AND payload.a.c = 2", """{"a":{"b":1,"c":2}}""", true)]
    public void Matches_PayloadsOfAllKinds(string filter, string payload, bool expected)
    {
        Assert.True(FilterExpression.TryParse(filter, out var expression, out _));
        Assert.Equal(expected, expression.Matches(FakeMessage.Of(payload).Read()));
    }

    [Fact]
    public void Map_MessageThatTheFilterExcludes_IsFiltered()
    {
        var mapper = new RecordMapper(new MappingSpec { Topics = TopicRule.One("t") }, "region = 'gz'", PartitioningRule.Key);

        Assert.Equal(MapOutcome.Mapped, mapper.Map(new FakeMessage().With("region", "gz").Read(), new KafkaRecord(), out _));
        Assert.Equal(MapOutcome.Filtered, mapper.Map(new FakeMessage().With("region", "bj").Read(), new KafkaRecord(), out var failure));
        Assert.Null(failure);
    }

    [Fact]
    public void Matches_HundredThousandMessages_AllocatesNothing()
    {
        Assert.True(FilterExpression.TryParse(
            "UPPER(region) = 'GZ' AND payload.temp > 30 AND payload.esc LIKE '%ä_' AND CASE WHEN LENGTH(ABS(payload.temp)) > 3 THEN payload.o.k[1].z END = 'deep' AND COALESCE(none, topic) LIKE 'pl%'",
            out var expression,
            out _));
        var message = Message();
        var properties = message.Properties();
        Run(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Run(100_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                if (!expression.Matches(message.Read(properties)))
                {
                    Assert.Fail("no match");
                }
            }
        }
    }

    private static bool Evaluate(string filter)
    {
        if (!FilterExpression.TryParse(filter, out var expression, out var errors))
        {
            Assert.Fail(errors[0].ToString());
        }

        return expression.Matches(Message().Read());
    }

    private static FakeMessage Message() =>
        new FakeMessage { Payload = System.Text.Encoding.UTF8.GetBytes(Payload), Retained = true }
            .With("region", "gz")
            .With("with-dash", "d")
            .With("twice", "first")
            .With("twice", "second")
            .With("topic", "a property")
            .With("number", "5")
            .With("negative", "-7.5")
            .With("spaces", " 5 ")
            .With("infinite", "Infinity")
            .With("percent", "50%")
            .With("quote", "it's")
            .With("$__publisherClientId", "device-1");
}
