namespace Portal.Engine.Filters.Nodes;

/// <summary>AND: false as soon as one is; true when all are; otherwise unknown.</summary>
internal sealed class And(FilterNode[] conditions) : ConditionNode
{
    public override bool? Test(scoped ref FilterContext context)
    {
        bool? result = true;
        foreach (var condition in conditions)
        {
            switch (condition.Test(ref context))
            {
                case false:
                    return false;
                case null:
                    result = null;
                    break;
            }
        }

        return result;
    }
}

/// <summary>OR: true as soon as one is; false when all are; otherwise unknown.</summary>
internal sealed class Or(FilterNode[] conditions) : ConditionNode
{
    public override bool? Test(scoped ref FilterContext context)
    {
        bool? result = false;
        foreach (var condition in conditions)
        {
            switch (condition.Test(ref context))
            {
                case true:
                    return true;
                case null:
                    result = null;
                    break;
            }
        }

        return result;
    }
}

/// <summary>NOT: what is unknown stays so.</summary>
internal sealed class Not(FilterNode condition) : ConditionNode
{
    public override bool? Test(scoped ref FilterContext context) => !condition.Test(ref context);
}
