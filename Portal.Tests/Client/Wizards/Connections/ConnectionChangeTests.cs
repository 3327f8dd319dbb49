using Portal.Client.Contracts;
using Portal.Client.Wizards.Connections;

namespace Portal.Tests.Client.Wizards.Connections;

public class ConnectionChangeTests
{
    private readonly ConnectionChange _change = new(SampleConnections.Connection());

    [Fact]
    public void New_Untouched_ChangesNothing()
    {
        Assert.False(_change.IsDirty);
        Assert.Empty(_change.Lines(id => id));
    }

    [Fact]
    public void Edit_NameOrDescription_TouchesNoTask()
    {
        _change.Edit(_change.Draft with { Name = "gz-new", Description = "words" });

        Assert.True(_change.IsDirty);
        Assert.False(_change.TouchesTasks);
    }

    [Theory]
    [InlineData("cluster")]
    [InlineData("user")]
    [InlineData("password")]
    [InlineData("no password")]
    public void Edit_WhatTasksConnectWith_TouchesTasks(string what)
    {
        _change.Edit(what switch
        {
            "cluster" => _change.Draft with { MqttClusterId = "mqtt-other" },
            "user" => _change.Draft with { UserName = "other" },
            "password" => _change.Draft with { Password = SecretChange.Replace("x") },
            _ => _change.Draft with { Password = new SecretChange(SecretChangeKind.Remove) },
        });

        Assert.True(_change.TouchesTasks);
    }

    [Fact]
    public void Lines_WithAPassword_NeverShowIt()
    {
        _change.Edit(_change.Draft with { UserName = "other", Password = SecretChange.Replace("s3cret") });

        var text = string.Join('\n', _change.Lines(id => id));

        Assert.Contains("other", text);
        Assert.Contains("(changed)", text);
        Assert.DoesNotContain("s3cret", text);
    }

    [Fact]
    public void Test_ThenEditAgain_CountsNoMore()
    {
        _change.Edit(_change.Draft with { UserName = "other" });
        _change.BeginTest();
        _change.Take(SampleConnections.Report());
        Assert.True(_change.IsTested);

        _change.Edit(_change.Draft with { UserName = "another" });

        Assert.False(_change.IsTested);
    }

    [Fact]
    public void PutOnTop_OfTheirs_KeepsMineAndTakesTheirsElsewhere()
    {
        _change.Edit(_change.Draft with { Description = "mine" });

        _change.PutOnTopOf(SampleConnections.Connection() with { Revision = 13, UserName = "theirs", Description = "their words" });

        Assert.Equal(13, _change.Stored.Revision);
        Assert.Equal("theirs", _change.Draft.UserName);
        Assert.Equal("mine", _change.Draft.Description);
        Assert.Equal(["description"], _change.Lines(id => id).Select(line => line.Name));
    }
}
