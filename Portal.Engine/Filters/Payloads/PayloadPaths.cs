using System.Text.Json;
using Portal.Engine.Mapping.Payloads;

namespace Portal.Engine.Filters.Payloads;

/// <summary>Where a value stands in a payload; a length of 0 means that it is not there.</summary>
internal record struct PayloadPlace(int Start, int Length, JsonTokenType Kind, bool IsEscaped, bool IsVisited);

/// <summary>
/// All payload paths of one filter as a tree, so that one walk over a payload finds them all, passes over what none of them names and
/// stops when it has them.
/// </summary>
internal sealed class PayloadPaths
{
    private readonly List<Branch> _branches = [new Branch(default)];
    private int _wanted;

    /// <summary>How many places <see cref="Read"/> fills.</summary>
    public int Count => _branches.Count;

    /// <summary>Adds a path.</summary>
    /// <returns>The index of its place.</returns>
    public int Add(IReadOnlyList<JsonStep> steps)
    {
        var at = 0;
        foreach (var step in steps)
        {
            var next = _branches[at].Children.FindIndex(child => _branches[child].Is(step));
            if (next >= 0)
            {
                at = _branches[at].Children[next];
                continue;
            }

            _branches[at].Children.Add(_branches.Count);
            at = _branches.Count;
            _branches.Add(new Branch(step));
        }

        if (!_branches[at].IsWanted)
        {
            _branches[at].IsWanted = true;
            _wanted++;
        }

        return at;
    }

    /// <summary>Fills the places. A payload that is cut or not JSON gives what stands before that.</summary>
    public void Read(ReadOnlySpan<byte> payload, PayloadPlace[] places)
    {
        var scanner = new JsonScanner(payload);
        var missing = _wanted;
        if (scanner.Read() && scanner.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            Walk(ref scanner, 0, places, ref missing);
        }
    }

    /// <summary>Goes over the value that the scanner stands on.</summary>
    /// <returns>Whether to go on after it.</returns>
    private bool Walk(ref JsonScanner scanner, int at, PayloadPlace[] places, ref int missing)
    {
        var branch = _branches[at];
        var start = scanner.TokenStart;
        var kind = scanner.TokenType;
        var escaped = scanner.IsEscaped;
        places[at].IsVisited = true;
        var complete = (kind, branch.Children.Count) switch
        {
            (JsonTokenType.StartObject, > 0) => WalkMembers(ref scanner, branch, places, ref missing),
            (JsonTokenType.StartArray, > 0) => WalkElements(ref scanner, branch, places, ref missing),
            _ => scanner.TrySkip(),
        };
        if (complete && branch.IsWanted)
        {
            places[at] = new PayloadPlace(start, scanner.Consumed - start, kind, escaped, true);
            missing--;
        }

        return complete && missing > 0;
    }

    private bool WalkMembers(ref JsonScanner scanner, Branch branch, PayloadPlace[] places, ref int missing)
    {
        while (scanner.Read())
        {
            if (scanner.TokenType == JsonTokenType.EndObject)
            {
                return true;
            }

            if (!TryMember(ref scanner, branch, places, out var child) || !scanner.Read() || !(child < 0 ? scanner.TrySkip() : Walk(ref scanner, child, places, ref missing)))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>The branch of the member whose name the scanner stands on, or -1. Of members with the same name the first counts.</summary>
    /// <returns>False when the name cannot be told.</returns>
    private bool TryMember(ref JsonScanner scanner, Branch branch, PayloadPlace[] places, out int member)
    {
        member = -1;
        foreach (var child in branch.Children)
        {
            if (_branches[child].Step.Name is not { } name)
            {
                continue;
            }

            if (!scanner.TryNameEquals(name, out var equal))
            {
                return false;
            }

            if (equal)
            {
                member = places[child].IsVisited ? -1 : child;
                return true;
            }
        }

        return true;
    }

    private bool WalkElements(ref JsonScanner scanner, Branch branch, PayloadPlace[] places, ref int missing)
    {
        for (var i = 0; scanner.Read(); i++)
        {
            if (scanner.TokenType == JsonTokenType.EndArray)
            {
                return true;
            }

            var child = Element(branch, i);
            if (!(child < 0 ? scanner.TrySkip() : Walk(ref scanner, child, places, ref missing)))
            {
                return false;
            }
        }

        return false;
    }

    private int Element(Branch branch, int index)
    {
        foreach (var child in branch.Children)
        {
            if (_branches[child].Step is { Name: null } step && step.Index == index)
            {
                return child;
            }
        }

        return -1;
    }

    private sealed class Branch(JsonStep step)
    {
        public JsonStep Step { get; } = step;

        public List<int> Children { get; } = [];

        public bool IsWanted { get; set; }

        public bool Is(JsonStep other) => Step.Index == other.Index && Step.Name.AsSpan().SequenceEqual(other.Name) && (Step.Name is null) == (other.Name is null);
    }
}
