using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Bunit;
using Portal.Client.Components.Feedback;
using Portal.Client.Contracts;

namespace Portal.Tests.Client.Components.Feedback;

public class ValidationCardTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<ValidationReport> _reported = [];
    private Channel<ValidationReport> _reports = Channel.CreateUnbounded<ValidationReport>();
    private int _stopped;

    [Fact]
    public void Reports_AsTheyCome_ShowStepTimeCauseAndAdvice()
    {
        var card = Card();
        _reports.Writer.TryWrite(SampleConnections.Report(ValidationState.Running, finished: false));
        card.WaitForAssertion(() => Assert.Contains("50 %", card.Find(".ch").TextContent), Patience);
        Assert.Equal("50", card.Find("[role=progressbar]").GetAttribute("aria-valuenow"));

        End(SampleConnections.Report(ValidationState.Failed));

        card.WaitForAssertion(() => Assert.Contains("1 of 2 failed", card.Find(".ch").TextContent), Patience);
        card.WaitForAssertion(() => Assert.Equal(2, _reported.Count), Patience);
        var failed = card.Find(".stage.failed");
        Assert.Contains("6 ms", failed.TextContent);
        Assert.Contains("0x86", failed.QuerySelector(".d")!.TextContent);
        Assert.Equal("Check user and password.", failed.QuerySelector(".fix")!.TextContent);
    }

    [Fact]
    public void Cancel_WhileRunning_EndsTheStreamAndOffersAnother()
    {
        var card = Card();
        _reports.Writer.TryWrite(SampleConnections.Report(ValidationState.Running, finished: false));
        card.WaitForState(() => card.FindAll(".stage").Count == 2, Patience);

        Press(card, "Cancel");

        card.WaitForAssertion(() => Assert.Contains("Cancelled", card.Find(".ch").TextContent), Patience);
        card.WaitForAssertion(() => Assert.Equal(1, _stopped), Patience);
        card.WaitForAssertion(() => Assert.Contains(card.FindAll("button"), button => button.TextContent == "Try again"), Patience);
    }

    [Fact]
    public void TryAgain_AfterAFailure_BeginsAfresh()
    {
        var card = Card();
        End(SampleConnections.Report(ValidationState.Failed));
        card.WaitForState(() => card.FindAll("button").Any(button => button.TextContent.Contains("Try again", StringComparison.Ordinal)), Patience);

        _reports = Channel.CreateUnbounded<ValidationReport>();
        Press(card, "Try again");
        card.WaitForAssertion(() => Assert.Empty(card.FindAll(".stage")), Patience);
        End(SampleConnections.Report());

        card.WaitForAssertion(() => Assert.Contains("All passed", card.Find(".ch").TextContent), Patience);
    }

    [Fact]
    public void Stream_Broken_SaysWhy()
    {
        var card = Card();

        _reports.Writer.TryComplete(new InvalidOperationException("The probe fell over."));

        card.WaitForAssertion(() => Assert.Contains("The probe fell over.", card.Find("[role=alert]").TextContent), Patience);
    }

    [Fact]
    public async Task Disposed_WhileRunning_EndsTheStream()
    {
        Card();

        await DisposeComponentsAsync();

        await Eventually.TrueAsync(() => _stopped == 1, "the stream ended");
    }

    [Fact]
    public void Text_OfAReport_HasStepsCausesAndAdvice() => Assert.Equal(
        "Passed: Resolve the name (4 ms)\n  2 addresses\nFailed: Sign in (6 ms)\n  The broker refused user ckafka_connector (0x86).\n  Check user and password.",
        StageList.Text(SampleConnections.Report(ValidationState.Failed)));

    private static void Press(IRenderedComponent<ValidationCard> card, string word) =>
        card.FindAll("button").Single(button => button.TextContent == word).Click();

    private void End(ValidationReport report)
    {
        _reports.Writer.TryWrite(report);
        _reports.Writer.TryComplete();
    }

    private IRenderedComponent<ValidationCard> Card() => Render<ValidationCard>(parameters => parameters
        .Add(one => one.Title, "Checks").Add(one => one.Run, ReportsAsync).Add(one => one.AutoStart, true)
        .Add(one => one.Reported, report => _reported.Add(report)));

    private async IAsyncEnumerable<ValidationReport> ReportsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var report in _reports.Reader.ReadAllAsync(cancellationToken))
            {
                yield return report;
            }
        }
        finally
        {
            Interlocked.Increment(ref _stopped);
        }
    }
}
