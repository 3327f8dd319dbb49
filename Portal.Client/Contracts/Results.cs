using System.Text.Json.Serialization;

namespace Portal.Client.Contracts;

/// <summary>One page of a longer list.</summary>
/// <param name="Items">The rows of this page.</param>
/// <param name="Total">How many rows there are in all pages.</param>
/// <param name="Counts">How many rows each status has under the other filters, for the counters above the list; keys are the status names.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, int Total, IReadOnlyDictionary<string, int> Counts);

/// <summary>What a list shows. Defaults show everything, in the list's own order.</summary>
public sealed record ListQuery
{
    /// <summary>The code of a region, or null for all.</summary>
    public string? Region { get; init; }

    /// <summary>Words to find in name and id; null for all.</summary>
    public string? Search { get; init; }

    /// <summary>Names of statuses; empty for all.</summary>
    public IReadOnlyList<string> Status { get; init; } = [];

    /// <summary>The id of a connection whose tasks to show, or null. Only for tasks.</summary>
    public string? ConnectionId { get; init; }

    /// <summary>The id of an MQTT cluster whose connections to show, or null. Only for connections.</summary>
    public string? MqttClusterId { get; init; }

    /// <summary>The id of a Kafka instance to which the tasks to show write, or null. Only for tasks.</summary>
    public string? KafkaInstanceId { get; init; }

    /// <summary>The id of a task whose clients to show, or null. Only for clients.</summary>
    public string? TaskId { get; init; }

    /// <summary>The whole id of a client, or null. Only for clients.</summary>
    public string? ClientId { get; init; }

    /// <summary>The whole user name that clients sign in with, or null. Only for clients.</summary>
    public string? UserName { get; init; }

    /// <summary>What the address of clients, as <c>ip:port</c>, begins with, or null. Only for clients.</summary>
    public string? Address { get; init; }

    /// <summary>The code of a <see cref="HistoryRange"/>: clients whose session began within it. Counts before <see cref="From"/> and <see cref="To"/>. Only for clients.</summary>
    public string? Age { get; init; }

    /// <summary>Clients whose session began then or later, or null. Only for clients.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Clients whose session began then or earlier, or null. Only for clients.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>A column name, with <c>-</c> before it for descending; null for the list's own order.</summary>
    public string? Sort { get; init; }

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>20, 50 or 100.</summary>
    public int Size { get; init; } = 20;

    /// <summary>The columns to show, in the list's own order; empty for those that the person chose last, or the list's own. Services ignore them.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Whether both choose the same objects: page, size, order and columns do not count, statuses are compared by content.</summary>
    public bool HasFilterOf(ListQuery other) => Status.SequenceEqual(other.Status) && Filter == other.Filter;

    private ListQuery Filter => this with { Status = [], Sort = null, Page = 1, Size = 20, Columns = [] };
}

/// <summary>The columns by which the lists can be ordered, as <see cref="ListQuery.Sort"/> names them.</summary>
public static class ListColumns
{
    /// <summary>Those of the connections; their own order is by attention: what is unreachable or failed first, then the latest change.</summary>
    public static IReadOnlyList<string> Connections { get; } = ["name", "status", "cluster", "region", "tasks", "checked", "created", "updated"];

    /// <summary>Those of the clients; their own order is by attention: those that are not online first.</summary>
    public static IReadOnlyList<string> Clients { get; } = ["client", "status", "task", "user", "host", "connected", "inflight", "rate", "out", "reconnects"];

    /// <summary>Those of the tasks; their own order is by attention. <c>source</c> is the connection's name, <c>target</c> the Kafka instance's, the rest of the figures are live.</summary>
    public static IReadOnlyList<string> Tasks { get; } = ["name", "source", "target", "in", "out", "open", "backlog", "dead", "clients", "created", "updated"];
}

/// <summary>One thing that is wrong with an input.</summary>
/// <param name="Field">The member of the draft, for example <c>Name</c> or <c>Topics[2]</c>; empty when it is about the whole.</param>
/// <param name="Text">What is wrong and what would be right, in words.</param>
/// <param name="At">The place in the member's text that is meant, where there is one; otherwise null and left out of JSON.</param>
public sealed record FieldError(string Field, string Text, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TextPlace? At = null);

/// <summary>A place in a text.</summary>
/// <param name="Start">Where it begins, in characters from 0; the length of the text when something is missing at its end.</param>
/// <param name="Length">How many characters it takes; 0 at the end.</param>
public sealed record TextPlace(int Start, int Length);

/// <summary>How a command ended.</summary>
public enum CommandOutcome
{
    /// <summary>Stored; the effect follows and is seen in the live feed.</summary>
    Accepted,

    /// <summary>The input is wrong; <see cref="CommandResult.Errors"/> has all that is wrong.</summary>
    Invalid,

    /// <summary>Somebody saved a newer revision meanwhile.</summary>
    Conflict,

    /// <summary>The actor may not do this.</summary>
    Forbidden,

    /// <summary>There is no such object (any more).</summary>
    NotFound,

    /// <summary>Not possible in the present state, for example deleting what is in use.</summary>
    Refused,
}

/// <summary>The answer to a command.</summary>
public record CommandResult
{
    /// <summary>How it ended.</summary>
    public required CommandOutcome Outcome { get; init; }

    /// <summary>Cause and what to do, in words; null when accepted without remark.</summary>
    public string? Text { get; init; }

    /// <summary>All that is wrong with the input; empty unless <see cref="CommandOutcome.Invalid"/>.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>The id of the object that was made or changed, or null.</summary>
    public string? Id { get; init; }

    /// <summary>The operation that carries it out, when it takes long; otherwise null.</summary>
    public string? OperationId { get; init; }

    /// <summary>
    /// The connections, by name, whose last check says nothing any more, since the command changed the address, protocol or trust of their cluster.
    /// <see cref="BulkAction.Test"/> of these ids checks each with what is stored of it. Empty for every other command.
    /// </summary>
    public IReadOnlyList<string> OutdatedConnections { get; init; } = [];

    /// <summary>Whether it was accepted.</summary>
    public bool IsAccepted => Outcome == CommandOutcome.Accepted;

    /// <summary>An accepted command.</summary>
    public static CommandResult Accepted(string? id = null, string? operationId = null) =>
        new() { Outcome = CommandOutcome.Accepted, Id = id, OperationId = operationId };

    /// <summary>A command whose input is wrong.</summary>
    public static CommandResult Invalid(IReadOnlyList<FieldError> errors) =>
        new() { Outcome = CommandOutcome.Invalid, Errors = errors, Text = string.Join(" ", errors.Select(error => error.Text)) };

    /// <summary>A command that ended otherwise.</summary>
    public static CommandResult Not(CommandOutcome outcome, string text) => new() { Outcome = outcome, Text = text };
}

/// <summary>A report about something that goes on for a while, or about why it was not begun.</summary>
public interface IRefusable
{
    /// <summary>Why it was not begun, which is then the only report; otherwise null. Not in JSON: REST answers with it instead.</summary>
    CommandResult? Refusal { get; }
}

/// <summary>A secret on its way to the server. The stored value never travels the other way.</summary>
/// <param name="Kind">What to do with the stored value.</param>
/// <param name="Value">The new value with <see cref="SecretChangeKind.Replace"/>; otherwise null.</param>
public sealed record SecretChange(SecretChangeKind Kind, string? Value = null)
{
    /// <summary>Leaves the stored value as it is; with nothing stored: none.</summary>
    public static SecretChange Keep { get; } = new(SecretChangeKind.Keep);

    /// <summary>A new value.</summary>
    public static SecretChange Replace(string value) => new(SecretChangeKind.Replace, value);

    /// <summary>Says what happens, never the value: records print themselves into logs.</summary>
    public override string ToString() => Kind.ToString();
}

/// <summary>What to do with a stored secret.</summary>
public enum SecretChangeKind
{
    /// <summary>Leave it.</summary>
    Keep,

    /// <summary>Put another in its place.</summary>
    Replace,

    /// <summary>Remove it.</summary>
    Remove,
}
