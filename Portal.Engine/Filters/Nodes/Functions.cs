using System.Text;

namespace Portal.Engine.Filters.Nodes;

/// <summary>UPPER or LOWER of any value's text, by the invariant culture.</summary>
internal sealed class ChangeCase(FilterNode operand, bool upper) : FilterNode
{
    public override FilterValue Evaluate(scoped ref FilterContext context)
    {
        var value = operand.Evaluate(ref context);
        if (value.IsNull)
        {
            return default;
        }

        // No character needs more than half as many bytes again in the other case.
        var text = context.TextOf(value);
        var room = context.Scratch.Take(2 * text.Length);
        var length = 0;
        if (Ascii.IsValid(text))
        {
            _ = upper ? Ascii.ToUpper(text, room, out length) : Ascii.ToLower(text, room, out length);
        }
        else
        {
            while (!text.IsEmpty)
            {
                if (Rune.DecodeFromUtf8(text, out var rune, out var consumed) == System.Buffers.OperationStatus.Done)
                {
                    rune = upper ? Rune.ToUpperInvariant(rune) : Rune.ToLowerInvariant(rune);
                    length += rune.EncodeToUtf8(room[length..]);
                }
                else
                {
                    text[..consumed].CopyTo(room[length..]);
                    length += consumed;
                }

                text = text[consumed..];
            }
        }

        return FilterValue.Of(room[..length]);
    }
}

/// <summary>LENGTH: how many characters any value's text has.</summary>
internal sealed class Length(FilterNode operand) : FilterNode
{
    public override FilterValue Evaluate(scoped ref FilterContext context)
    {
        var value = operand.Evaluate(ref context);
        if (value.IsNull)
        {
            return default;
        }

        var count = 0L;
        foreach (var octet in context.TextOf(value))
        {
            count += (octet & 0xC0) == 0x80 ? 0 : 1;
        }

        return FilterValue.Of(count);
    }
}

/// <summary>ABS of a number or of a text that is one; otherwise NULL.</summary>
internal sealed class Abs(FilterNode operand) : FilterNode
{
    public override FilterValue Evaluate(scoped ref FilterContext context)
    {
        var value = operand.Evaluate(ref context);
        if (value.Kind == FilterValueKind.Text)
        {
            value = FilterValue.NumberOf(value.Text);
        }

        return value.Kind switch
        {
            FilterValueKind.Integer when value.Integer != long.MinValue => FilterValue.Of(Math.Abs(value.Integer)),
            FilterValueKind.Integer => FilterValue.Of(-(double)value.Integer),
            FilterValueKind.Real => FilterValue.Of(Math.Abs(value.Real)),
            _ => default,
        };
    }
}

/// <summary>COALESCE: the first value that is not NULL.</summary>
internal sealed class Coalesce(FilterNode[] operands) : FilterNode
{
    // With one that never is true, for example a number, it would exclude without a word.
    public override bool IsCondition => Array.TrueForAll(operands, operand => operand.IsCondition);

    public override FilterValue Evaluate(scoped ref FilterContext context)
    {
        foreach (var operand in operands)
        {
            var value = operand.Evaluate(ref context);
            if (!value.IsNull)
            {
                return value;
            }
        }

        return default;
    }
}

/// <summary>CASE: the value behind the first condition that is true, else that behind ELSE, else NULL.</summary>
internal sealed class Case((FilterNode When, FilterNode Then)[] branches, FilterNode? otherwise) : FilterNode
{
    public override bool IsCondition => Array.TrueForAll(branches, branch => branch.Then.IsCondition) && otherwise?.IsCondition != false;

    public override FilterValue Evaluate(scoped ref FilterContext context)
    {
        foreach (var (when, then) in branches)
        {
            if (when.Test(ref context) == true)
            {
                return then.Evaluate(ref context);
            }
        }

        return otherwise is null ? default : otherwise.Evaluate(ref context);
    }
}
