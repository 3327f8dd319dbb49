using MQTTnet;
using MQTTnet.Protocol;

namespace Portal.Sandbox.Mqtt.Groups;

/// <summary>One client's place in a shared group.</summary>
internal sealed record GroupMember
{
    public required string ClientId { get; init; }

    public required MqttQualityOfServiceLevel GrantedQos { get; init; }

    public bool RetainAsPublished { get; init; }

    public uint SubscriptionIdentifier { get; init; }

    /// <summary>Puts a message into the member's session; false when its queue is full.</summary>
    public required Func<MqttApplicationMessage, bool> Enqueue { get; init; }
}

/// <summary>
/// Who belongs to which <c>$share/{group}/{filter}</c>, and whose turn it is. MQTTnet.Server knows no shared subscriptions.
/// </summary>
internal sealed class SharedGroups
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SharedFilter, Group> _groups = [];
    private readonly HashSet<string> _online = new(StringComparer.Ordinal);

    public void Join(SharedFilter filter, GroupMember member)
    {
        lock (_gate)
        {
            if (!_groups.TryGetValue(filter, out var group))
            {
                _groups.Add(filter, group = new Group());
            }

            group.Put(member);
        }
    }

    /// <summary>Ends one membership; false when there was none.</summary>
    public bool Leave(SharedFilter filter, string clientId)
    {
        lock (_gate)
        {
            return Leave_NeedsLock(filter, clientId);
        }
    }

    /// <summary>Ends all memberships of a client, because its session ended.</summary>
    public void LeaveAll(string clientId)
    {
        lock (_gate)
        {
            foreach (var filter in _groups.Keys.ToArray())
            {
                Leave_NeedsLock(filter, clientId);
            }
        }
    }

    public void SetOnline(string clientId, bool online)
    {
        lock (_gate)
        {
            if (online)
            {
                _online.Add(clientId);
            }
            else
            {
                _online.Remove(clientId);
            }
        }
    }

    /// <summary>
    /// For every group that this topic concerns, the members in the order in which they should be tried: those online by turns, and only
    /// when nobody is, those whose session waits for them.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<GroupMember>> Candidates(string topic)
    {
        lock (_gate)
        {
            List<IReadOnlyList<GroupMember>>? found = null;
            foreach (var (filter, group) in _groups)
            {
                if (MqttTopicFilterComparer.Compare(topic, filter.Filter) == MqttTopicFilterCompareResult.IsMatch)
                {
                    (found ??= []).Add(group.NextCandidates(_online));
                }
            }

            return found ?? [];
        }
    }

    private bool Leave_NeedsLock(SharedFilter filter, string clientId)
    {
        if (!_groups.TryGetValue(filter, out var group) || !group.Remove(clientId))
        {
            return false;
        }

        if (group.IsEmpty)
        {
            _groups.Remove(filter);
        }

        return true;
    }

    private sealed class Group
    {
        private readonly List<GroupMember> _members = [];
        private int _turn;

        public bool IsEmpty => _members.Count == 0;

        public void Put(GroupMember member)
        {
            var known = _members.FindIndex(m => m.ClientId == member.ClientId);
            if (known < 0)
            {
                _members.Add(member);
            }
            else
            {
                _members[known] = member;
            }
        }

        public bool Remove(string clientId) => _members.RemoveAll(member => member.ClientId == clientId) > 0;

        public GroupMember[] NextCandidates(HashSet<string> online)
        {
            var start = _turn = (_turn + 1) % _members.Count;
            var byTurn = Enumerable.Range(0, _members.Count).Select(i => _members[(start + i) % _members.Count]).ToArray();
            var present = Array.FindAll(byTurn, member => online.Contains(member.ClientId));
            return present.Length > 0 ? present : byTurn;
        }
    }
}
