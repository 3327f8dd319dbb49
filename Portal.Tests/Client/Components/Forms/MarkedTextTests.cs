using FsCheck;
using FsCheck.Fluent;
using Portal.Client.Components.Forms;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Forms;

public class MarkedTextTests
{
    [Theory]
    [InlineData("a AND b", 6, 1, "a AND |b")]
    [InlineData("a = ", 4, 0, "a = |␣")]
    [InlineData("shorter by now", 40, 5, "shorter by now|␣")]
    public void Split_OnePlace_MarksItsText(string text, int start, int length, string parts)
    {
        Assert.Equal(parts, string.Join('|', MarkedText.Split(text, [new TextPlace(start, length)]).Select(part => part.Text)));
    }

    [Fact]
    public void Split_NothingWrong_IsEmpty() => Assert.Empty(MarkedText.Split("a = 1", []));

    [Fact]
    public void Split_AnyPlaces_LosesNothingOfTheText() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(from text in ArbMap.Default.ArbFor<NonNull<string>>().Generator
                 from places in Gen.Choose(0, 30).Zip(Gen.Choose(1, 30)).NonEmptyListOf()
                 select (Text: text.Item.Replace("␣", ""), Places: places.Select(place => new TextPlace(place.Item1, place.Item2)).ToList())),
        sample => Assert.Equal(sample.Text, string.Concat(MarkedText.Split(sample.Text, sample.Places).Select(part => part.Text)).Replace("␣", ""))));
}
