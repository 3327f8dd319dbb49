using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;

namespace Portal.Tests.Engine.Pipelines;

public class PipelineWarningsTests
{
    [Fact]
    public void Discards_SeveralReasons_AreToldApartAndAddUpToTheBooks()
    {
        var byReason = new long[5];
        byReason[(int)RefusalReason.MappingFailed] = 3;
        byReason[(int)RefusalReason.TooLarge] = 4;

        var discards = PipelineWarnings.Discards(new PipelineBooks(20, 10, 0, 0, 0, 9, 0, 1, 0), dropped: 2, byReason);

        Assert.Equal([2, 3, 4], discards.Select(discard => discard.Count));
        Assert.StartsWith("The mapping could not be applied", discards[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Discards_SettledButNotYetReleased_NeverSayMoreThanTheBooks()
    {
        var byReason = new long[5];
        byReason[(int)RefusalReason.MappingFailed] = 3;

        Assert.Equal([1], PipelineWarnings.Discards(new PipelineBooks(20, 10, 0, 0, 0, 1, 0, 9, 0), dropped: 0, byReason).Select(discard => discard.Count));
        Assert.Empty(PipelineWarnings.Discards(new PipelineBooks(20, 10, 0, 0, 0, 0, 0, 10, 0), dropped: 0, byReason));
    }
}
