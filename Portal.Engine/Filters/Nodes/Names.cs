using System.Text;
using Portal.Engine.Mapping.Headers;

namespace Portal.Engine.Filters.Nodes;

/// <summary><c>topic</c>.</summary>
internal sealed class TopicName : FilterNode
{
    public override FilterValue Evaluate(scoped ref FilterContext context) => FilterValue.Of(context.Message.Topic);
}

/// <summary><c>qos</c>.</summary>
internal sealed class QosName : FilterNode
{
    public override FilterValue Evaluate(scoped ref FilterContext context) => FilterValue.Of(context.Message.Qos);
}

/// <summary><c>retained</c>.</summary>
internal sealed class RetainedName : ConditionNode
{
    public override bool? Test(scoped ref FilterContext context) => context.Message.Retained;
}

/// <summary>A user property, of duplicates the last; NULL when the message does not carry it.</summary>
internal sealed class PropertyName(string name) : FilterNode
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);

    public override FilterValue Evaluate(scoped ref FilterContext context) =>
        UserProperties.TryFind(context.Message.Properties, _name, out var value) ? FilterValue.Of(value) : default;
}

/// <summary><c>payload.path</c>; NULL when the payload has no such value or is not JSON.</summary>
internal sealed class PayloadName(int path) : FilterNode
{
    public override bool IsCondition => true;

    public override FilterValue Evaluate(scoped ref FilterContext context) => context.Payload(path);
}
