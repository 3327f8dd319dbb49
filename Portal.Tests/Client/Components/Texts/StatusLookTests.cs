using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Texts;

public class StatusLookTests
{
    [Fact]
    public void TaskStatuses_Each_HasAWordOfItsOwn()
    {
        var words = Enum.GetValues<ConnectorTaskStatus>().Select(status => StatusLook.Of(status).Word).ToList();

        Assert.Equal(words.Count, words.Distinct().Count());
    }

    [Fact]
    public void TaskStatuses_OfOneTone_DifferWithoutColour()
    {
        var looks = Enum.GetValues<ConnectorTaskStatus>().Select(status => StatusLook.Of(status)).ToList();

        // Colour is never the only difference: the word always differs, and what needs a person has a shape that nothing else has.
        Assert.Single(looks, look => look.Glyph == StatusLook.Of(ConnectorTaskStatus.Failed).Glyph);
        Assert.Single(looks, look => look.Glyph == StatusLook.Of(ConnectorTaskStatus.Running).Glyph);
        Assert.Single(looks, look => look.Glyph == StatusLook.Of(ConnectorTaskStatus.Blocked).Glyph);
    }

    [Fact]
    public void ConnectionStatuses_Each_HasAWordOfItsOwn()
    {
        var words = Enum.GetValues<ConnectionStatus>().Select(status => StatusLook.Of(status).Word).ToList();

        Assert.Equal(words.Count, words.Distinct().Count());
    }
}
