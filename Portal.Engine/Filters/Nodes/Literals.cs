using System.Text;

namespace Portal.Engine.Filters.Nodes;

/// <summary>A text in single quotes.</summary>
internal sealed class TextLiteral(string text) : FilterNode
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(text);

    public override FilterValue Evaluate(scoped ref FilterContext context) => FilterValue.Of(_text);
}

/// <summary>A number, with its sign.</summary>
internal sealed class NumberLiteral(string text) : FilterNode
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(text);

    public override FilterValue Evaluate(scoped ref FilterContext context) => FilterValue.NumberOf(_text);
}

/// <summary>TRUE, FALSE or NULL.</summary>
internal sealed class TruthLiteral(bool? value) : ConditionNode
{
    public bool IsNull => value is null;

    public override bool? Test(scoped ref FilterContext context) => value;
}
