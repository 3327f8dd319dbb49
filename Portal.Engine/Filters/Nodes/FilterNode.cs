namespace Portal.Engine.Filters.Nodes;

/// <summary>A part of a compiled filter. Immutable.</summary>
internal abstract class FilterNode
{
    /// <summary>Whether it can be true by itself, without being compared with something.</summary>
    public virtual bool IsCondition => false;

    public abstract FilterValue Evaluate(scoped ref FilterContext context);

    /// <summary>True, false, or null for unknown.</summary>
    public virtual bool? Test(scoped ref FilterContext context) => Evaluate(ref context).Truth;
}

/// <summary>A node whose value is always a truth value or unknown.</summary>
internal abstract class ConditionNode : FilterNode
{
    public sealed override bool IsCondition => true;

    public sealed override FilterValue Evaluate(scoped ref FilterContext context) => FilterValue.Of(Test(ref context));

    public abstract override bool? Test(scoped ref FilterContext context);
}
