using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Portal.Engine.Filters;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Filters;

/// <summary>Any filter, written in any way, means the same to the engine as to an independent slow evaluator.</summary>
public class FilterPropertyTests
{
    private static readonly string[] Texts = ["", "a", "A", "b", "5", "-1.5", "true", "FALSE", "ä", "Ä", "it's", "a%", "1e2", "x y", "ab\nc"];

    private static readonly Gen<SlowSql> Leaf = Gen.OneOf(
        Gen.Elements(Texts).Select(text => (SlowSql)new SlowSql.Constant($"'{text.Replace("'", "''")}'", text)),
        Gen.Elements("0", "5", "-1.5", "100", "0.25", "9007199254740993", "9007199254740992", "9223372036854775807")
            .Select(number => (SlowSql)new SlowSql.Constant(number, decimal.Parse(number, System.Globalization.NumberStyles.Float))),
        Gen.Elements("x", "y", "missing").Select(name => (SlowSql)new SlowSql.Property(name, name)),
        Gen.Elements("x y", "topic", "and").Select(name => (SlowSql)new SlowSql.Property($"\"{name}\"", name)),
        Gen.Elements("topic", "qos", "retained").Select(name => (SlowSql)new SlowSql.Field(name)),
        Gen.Elements<SlowSql>(
            new SlowSql.Path("payload.n", ["n"]),
            new SlowSql.Path("payload.s", ["s"]),
            new SlowSql.Path("payload.o.k", ["o", "k"]),
            new SlowSql.Path("payload['o']['x y']", ["o", "x y"]),
            new SlowSql.Path("payload.l[1]", ["l", 1]),
            new SlowSql.Path("payload.l", ["l"]),
            new SlowSql.Path("PAYLOAD.missing[3].x", ["missing", 3, "x"])));

    private static readonly Gen<SlowRow> Row =
        from topic in Gen.Elements("a", "A", "a/b", "ä")
        from qos in Gen.Choose(0, 2)
        from retained in Gen.Elements(true, false)
        from properties in Gen.Zip(Gen.Elements("x", "y", "x y", "topic"), Gen.Elements(Texts)).ListOf()
        from payload in Payload
        select new SlowRow(topic, qos, retained, [.. properties.Select(property => (property.Item1, property.Item2))], payload);

    private static Gen<string> Payload
    {
        get
        {
            var values = Gen.OneOf(
                Gen.Elements("null", "true", "false", "0", "5", "-1.5", "100", "9007199254740993", "[]", """{"k":5}"""),
                Gen.Elements(Texts).Select(text => System.Text.Json.JsonSerializer.Serialize(text)));
            var objects = from n in values
                          from s in values
                          from k in values
                          from l in values
                          select $$"""{"n":{{n}},"skip":{"n":1,"l":[[]]},"o":{"x y":{{k}},"k":{{s}}},"l":[0,{{l}}],"s":{{s}}}""";
            return Gen.OneOf(objects, Gen.Elements("", "[1,2]", "{\"n\":5}"));
        }
    }

    [Fact]
    public void Filter_AnyConditionOnAnyMessage_AgreesWithTheSlowEvaluator()
    {
        var cases = Gen.Sized(size => Condition(Math.Min(size, 12))).Zip(Row).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary();

        Prop.ForAll(cases, tested =>
        {
            var ((condition, row), seed) = tested;
            var text = condition.Text(new Random(seed));
            if (!FilterExpression.TryParse(text, out var expression, out var errors))
            {
                throw new InvalidOperationException($"{text}: {errors[0]}");
            }

            var expected = condition.Test(row) == true;
            var actual = expression.Matches(Message(row));
            return (actual == expected).Label($"{text} on {row.Payload}: {actual}, expected {expected}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    private static Portal.Engine.Sources.InboundMessage Message(SlowRow row)
    {
        var message = new FakeMessage
        {
            Topic = Encoding.UTF8.GetBytes(row.Topic),
            Payload = Encoding.UTF8.GetBytes(row.Payload),
            Qos = row.Qos,
            Retained = row.Retained,
        };
        foreach (var (name, value) in row.Properties)
        {
            message.With(name, value);
        }

        return message.Read();
    }

    private static Gen<SlowSql> Operand(int size) => size <= 1 ? Leaf : Gen.OneOf(
        Leaf,
        Leaf,
        from function in Gen.Elements("upper", "lower", "length", "abs")
        from argument in Operand(size / 2)
        select (SlowSql)new SlowSql.Call(function, [argument]),
        from arguments in Operand(size / 2).ArrayOf(2)
        select (SlowSql)new SlowSql.Call("coalesce", arguments),
        from when in Condition(size / 2)
        from then in Operand(size / 2)
        from otherwise in Gen.OneOf(Gen.Constant<SlowSql?>(null), Operand(size / 2).Select(value => (SlowSql?)value))
        select (SlowSql)new SlowSql.Case(when, then, otherwise));

    private static Gen<SlowSql> Condition(int size)
    {
        var negated = Gen.Elements(true, false);
        var simple = Gen.OneOf(
            from left in Operand(size / 2)
            from comparison in Gen.Elements("=", "<>", "!=", "<", "<=", ">", ">=")
            from right in Operand(size / 2)
            select (SlowSql)new SlowSql.Compare(left, comparison, right),
            from operand in Operand(size / 2)
            from not in negated
            select (SlowSql)new SlowSql.Null(operand, not),
            from operand in Operand(size / 2)
            from items in Operand(size / 2).ArrayOf(3)
            from not in negated
            select (SlowSql)new SlowSql.Within(operand, items, not),
            from operand in Operand(size / 2)
            from pattern in Gen.Elements("%", "_", "a%", "%b", "_%_", "a_b", "%a%b%", "", "ä", "%'%", "{%}", "1%")
            from not in negated
            select (SlowSql)new SlowSql.Like(operand, pattern, not),
            Gen.Constant<SlowSql>(new SlowSql.Field("retained")));
        return size <= 1 ? simple : Gen.OneOf(
            simple,
            from parts in Condition(size / 2).ArrayOf(3)
            from word in Gen.Elements("and", "or")
            select (SlowSql)new SlowSql.Logic(word, parts),
            Condition(size / 2).Select(condition => (SlowSql)new SlowSql.Not(condition)));
    }
}
