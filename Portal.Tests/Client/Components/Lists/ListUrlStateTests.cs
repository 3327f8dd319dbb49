using FsCheck;
using FsCheck.Fluent;
using Portal.Client.Components.Lists;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Lists;

public class ListUrlStateTests
{
    private static readonly ListUrlRules Rules = new(Enum.GetNames<ConnectorTaskStatus>(), ["name", "status", "updated"],
        ByConnection: true, ["status", "in", "out", "created"], ByClient: true, ByTask: true, ByMqttCluster: true, ByKafkaInstance: true);

    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void FormatThenParse_AnyQuery_GivesTheSameQuery()
    {
        Prop.ForAll(Queries(), query =>
        {
            var (read, ignored) = ListUrlState.Parse(ListUrlState.Format("/tasks", query), Rules);
            Assert.Empty(ignored);
            Assert.Equal(query with { Status = [], Columns = [] }, read with { Status = [], Columns = [] });
            Assert.Equal(query.Status, read.Status);
            Assert.Equal(query.Columns, read.Columns);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Fact]
    public void ParseThenFormat_AnyQuery_GivesTheSameAddress()
    {
        Prop.ForAll(Queries(), query =>
        {
            var address = ListUrlState.Format("/tasks", query);
            Assert.Equal(address, ListUrlState.Format("/tasks", ListUrlState.Parse($"https://portal.example{address}", Rules).Query));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Fact]
    public void Format_Defaults_LeavesThemOut() => Assert.Equal("/tasks", ListUrlState.Format("/tasks", new ListQuery()));

    [Fact]
    public void Format_Everything_KeepsTheOrderOfKeys()
    {
        var query = new ListQuery
        {
            Region = "gz",
            Search = "line 7",
            Status = ["Failed", "Blocked"],
            ConnectionId = "resource-a",
            MqttClusterId = "mqtt-a",
            KafkaInstanceId = "ckafka-a",
            Sort = "-updated",
            Page = 2,
            Size = 50,
            Columns = ["status", "out"],
        };

        Assert.Equal("/tasks?region=gz&q=line%207&status=failed,blocked&conn=resource-a&cluster=mqtt-a&kafka=ckafka-a&sort=-updated&page=2&size=50&cols=status,out",
            ListUrlState.Format("/tasks", query));
    }

    [Theory]
    [InlineData("status=failed,foo", "status=foo")]
    [InlineData("sort=payload", "sort=payload")]
    [InlineData("page=0", "page=0")]
    [InlineData("page=x", "page=x")]
    [InlineData("size=21", "size=21")]
    [InlineData("colour=red", "colour=red")]
    [InlineData("sort=--name", "sort=--name")]
    [InlineData("cols=in,colour", "cols=colour")]
    [InlineData("age=2y", "age=2y")]
    [InlineData("from=yesterday", "from=yesterday")]
    [InlineData("age=1h&from=2026-11-22T13:00:00Z", "from=2026-11-22T13:00:00Z")]
    public void Parse_WhatIsNotKnown_IsDroppedAndReported(string query, string ignored) =>
        Assert.Equal([ignored], ListUrlState.Parse($"/tasks?{query}", Rules).Ignored);

    [Fact]
    public void Parse_ConnectionOnAListWithout_IsDropped() =>
        Assert.Equal(["conn=resource-a"], ListUrlState.Parse("/connections?conn=resource-a", Rules with { ByConnection = false }).Ignored);

    [Fact]
    public void Parse_ClusterAndInstanceOnAListWithout_AreDropped() => Assert.Equal(
        ["cluster=mqtt-a", "kafka=ckafka-a"],
        ListUrlState.Parse("/clients?cluster=mqtt-a&kafka=ckafka-a", Rules with { ByMqttCluster = false, ByKafkaInstance = false }).Ignored);

    [Fact]
    public void Parse_ColumnsInAnyOrder_GiveOneChoice() =>
        Assert.Equal(["status", "in"], ListUrlState.Parse("/tasks?cols=in,STATUS,in", Rules).Query.Columns);

    [Fact]
    public void Parse_ColumnsOnAListWithout_AreDropped() =>
        Assert.Equal(["cols=in"], ListUrlState.Parse("/tasks?cols=in", Rules with { Columns = null }).Ignored);

    [Fact]
    public void Parse_StatusesInAnyOrderAndCase_GiveOneFilter() =>
        Assert.Equal(["Failed", "Blocked"], ListUrlState.Parse("/tasks?status=BLOCKED,failed,blocked", Rules).Query.Status);

    private static Arbitrary<ListQuery> Queries()
    {
        var words = ArbMap.Default.GeneratorFor<NonEmptyString>().Select(text => text.Get.Trim())
            .Where(text => text.Length > 0 && IsText(text));
        var maybe = Gen.OneOf(Gen.Constant<string?>(null), words.Select(text => (string?)text));
        var statuses = Gen.SubListOf(Rules.Statuses.ToArray()).Select(chosen => (IReadOnlyList<string>)[.. Rules.Statuses
            .Where(status => chosen.Contains(status))]);
        var columns = Gen.SubListOf(Rules.Columns!.ToArray()).Select(chosen => (IReadOnlyList<string>)[.. Rules.Columns!
            .Where(column => chosen.Contains(column))]);
        var sorts = Gen.Elements<string?>([null, .. Rules.Sorts, .. Rules.Sorts.Select(sort => $"-{sort}")]);
        return (
            from region in maybe
            from search in maybe
            from status in statuses
            from connection in maybe
            from cluster in maybe
            from instance in maybe
            from task in maybe
            from client in maybe
            from user in maybe
            from address in maybe
            from window in Gen.Elements(TimeWindow.Any, new(HistoryRange.Default), new(null, Noon), new(null, null, Noon), new(null, Noon, Noon.AddMilliseconds(1)))
            from sort in sorts
            from page in Gen.Choose(1, 10_000)
            from size in Gen.Elements(20, 50, 100)
            from shown in columns
            select new ListQuery
            {
                Region = region,
                Search = search,
                Status = status,
                ConnectionId = connection,
                MqttClusterId = cluster,
                KafkaInstanceId = instance,
                TaskId = task,
                ClientId = client,
                UserName = user,
                Address = address,
                Age = window.Age?.Code,
                From = window.From,
                To = window.To,
                Sort = sort,
                Page = page,
                Size = size,
                Columns = shown,
            }).ToArbitrary();
    }

    // Half a surrogate pair cannot stand in an address.
    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
