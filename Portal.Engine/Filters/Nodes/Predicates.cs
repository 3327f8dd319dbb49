namespace Portal.Engine.Filters.Nodes;

/// <summary>The operators of <see cref="Comparison"/>.</summary>
internal enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>Two values compared; unknown when they cannot be.</summary>
internal sealed class Comparison(FilterNode left, ComparisonOperator comparison, FilterNode right) : ConditionNode
{
    public override bool? Test(scoped ref FilterContext context)
    {
        var order = FilterValue.Compare(left.Evaluate(ref context), right.Evaluate(ref context));
        return order is not { } known ? null : comparison switch
        {
            ComparisonOperator.Equal => known == 0,
            ComparisonOperator.NotEqual => known != 0,
            ComparisonOperator.Less => known < 0,
            ComparisonOperator.LessOrEqual => known <= 0,
            ComparisonOperator.Greater => known > 0,
            _ => known >= 0,
        };
    }
}

/// <summary>IS NULL; never unknown.</summary>
internal sealed class IsNull(FilterNode operand) : ConditionNode
{
    public override bool? Test(scoped ref FilterContext context) => operand.Evaluate(ref context).IsNull;
}

/// <summary>IN: as the same value compared with each by = and joined by OR.</summary>
internal sealed class In(FilterNode operand, FilterNode[] items) : ConditionNode
{
    public override bool? Test(scoped ref FilterContext context)
    {
        var value = operand.Evaluate(ref context);
        bool? result = false;
        foreach (var item in items)
        {
            switch (FilterValue.Compare(value, item.Evaluate(ref context)))
            {
                case 0:
                    return true;
                case null:
                    result = null;
                    break;
            }
        }

        return result;
    }
}

/// <summary>LIKE: the text of any value against a pattern.</summary>
internal sealed class Like(FilterNode operand, LikePattern pattern) : ConditionNode
{
    public override bool? Test(scoped ref FilterContext context)
    {
        var value = operand.Evaluate(ref context);
        return value.IsNull ? null : pattern.Matches(context.TextOf(value));
    }
}
