using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Client.Components.Feedback;

namespace Portal.Tests.Client.Components.Feedback;

public class ConfirmationsTests : PageContext
{
    private Confirmations Confirmations => Services.GetRequiredService<Confirmations>();

    [Fact]
    public async Task Destroy_UntilTheNameIsTyped_IsNotPossible()
    {
        var dialogs = Render<MudDialogProvider>();
        var answer = dialogs.InvokeAsync(() => Confirmations.DestroyAsync("Delete connection lab?", "It cannot be undone.",
            "Delete connection lab", "lab"));
        dialogs.WaitForState(() => dialogs.FindAll("#confirm-name").Count == 1);
        Assert.True(dialogs.Find(".btn.bad").HasAttribute("disabled"));

        dialogs.Find("#confirm-name").Input("lab");
        dialogs.Find(".btn.bad").Click();

        Assert.True(await answer);
    }

    [Fact]
    public async Task Destroy_EnterWithAnotherName_DoesNothing()
    {
        var dialogs = Render<MudDialogProvider>();
        var answer = dialogs.InvokeAsync(() => Confirmations.DestroyAsync("Delete?", "", "Delete connection lab", "lab"));
        dialogs.WaitForState(() => dialogs.FindAll("#confirm-name").Count == 1);
        dialogs.Find("#confirm-name").Input("la");
        dialogs.Find("#confirm-name").KeyDown("Enter");
        Assert.False(answer.IsCompleted);

        dialogs.FindAll("button").Single(button => button.TextContent == "Cancel").Click();

        Assert.False(await answer);
    }

    [Fact]
    public async Task Interrupt_Confirmed_GoesOn()
    {
        var dialogs = Render<MudDialogProvider>();
        var answer = dialogs.InvokeAsync(() => Confirmations.InterruptAsync("Restart?", "14 tasks, about 3 s each.", "Restart 14 tasks"));
        dialogs.WaitForState(() => dialogs.FindAll(".btn.primary").Count == 1);

        dialogs.Find(".btn.primary").Click();

        Assert.True(await answer);
    }

    [Fact]
    public async Task Interrupt_AskedAgainWhileOpen_AsksOnce()
    {
        var dialogs = Render<MudDialogProvider>();
        var first = dialogs.InvokeAsync(() => Confirmations.InterruptAsync("Leave?", "", "Leave"));
        var second = dialogs.InvokeAsync(() => Confirmations.InterruptAsync("Leave?", "", "Leave"));

        Assert.False(await second);
        dialogs.WaitForState(() => dialogs.FindAll(".btn.primary").Count == 1);
        dialogs.Find(".btn.primary").Click();
        Assert.True(await first);

        var later = dialogs.InvokeAsync(() => Confirmations.InterruptAsync("Leave?", "", "Leave"));
        dialogs.WaitForState(() => dialogs.FindAll(".btn.primary").Count == 1);
        dialogs.Find(".btn.primary").Click();
        Assert.True(await later);
    }
}
