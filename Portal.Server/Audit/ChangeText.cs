using System.Collections;
using System.Text;
using Portal.Client.Contracts;

namespace Portal.Server.Audit;

/// <summary>From and to, line by line, of what really changed. A secret is only said to have changed.</summary>
internal sealed class ChangeText
{
    private readonly StringBuilder _text = new();

    public bool IsEmpty => _text.Length == 0;

    /// <summary>
    /// One field; nothing is written when both are equal. Null for <paramref name="before"/> means that the object is new.
    /// </summary>
    public ChangeText Field(string name, object? before, object? after)
    {
        var (from, to) = (Words(before), Words(after));
        return from == to ? this : Line(from.Length == 0 ? $"{name}: {to}" : $"{name}: {from} → {to}");
    }

    /// <summary>A secret; its values never come here.</summary>
    public ChangeText Secret(string name, SecretChange change) => change.Kind switch
    {
        SecretChangeKind.Replace => Line($"{name}: changed"),
        SecretChangeKind.Remove => Line($"{name}: removed"),
        _ => this,
    };

    /// <summary>Everything that another one says.</summary>
    public ChangeText Also(ChangeText other) => other.IsEmpty ? this : Line(other.ToString());

    /// <summary>Something worth knowing about how it was done.</summary>
    public ChangeText Note(string text) => Line(text);

    public override string ToString() => _text.ToString();

    private ChangeText Line(string line)
    {
        _text.Append(_text.Length == 0 ? "" : "\n").Append(line);
        return this;
    }

    private static string Words(object? value) => value switch
    {
        null => "",
        string text => text,
        IEnumerable list => string.Join(", ", list.Cast<object>()),
        _ => value.ToString() ?? "",
    };
}
