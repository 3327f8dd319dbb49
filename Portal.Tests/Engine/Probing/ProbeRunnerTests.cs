using Portal.Engine.Probing;

namespace Portal.Tests.Engine.Probing;

public class ProbeRunnerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stage_ThatThrows_IsAFindingInWordsAndEndsTheProbe()
    {
        var stages = new ProbeStage[]
        {
            new("first", "First", _ => throw new InvalidOperationException("A pipe broke.")),
            new("second", "Second", _ => Task.FromResult(StageOutcome.Passed("fine"))),
        };

        var report = await ProbeRunner.RunAsync(stages, TimeProvider.System, Token).LastAsync(Token);

        Assert.Equal((true, false), (report.Finished, report.Passed));
        Assert.Equal((ProbeState.Failed, "unforeseen", "The test itself failed: A pipe broke."), (report.Steps[0].State, report.Steps[0].Code, report.Steps[0].Result));
        Assert.Equal(ProbeState.Skipped, report.Steps[1].State);
    }

    [Fact]
    public async Task Stage_OutOfTime_MeansWhatItSays()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var stages = new ProbeStage[]
        {
            new("silent", "Silent", token => Task.Delay(Timeout.Infinite, token).ContinueWith(_ => StageOutcome.Passed("never"), Token), OutOfTime: () => StageOutcome.Warning("untold", "Nobody knows.", "Ask.")),
        };

        var run = ProbeRunner.RunAsync(stages, time, Token).LastAsync(Token).AsTask();
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("untold", (await run).Steps[0].Code);
    }
}
