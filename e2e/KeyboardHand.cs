using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd;

/// <summary>
/// A person without a mouse: goes from control to control by Tab, sees where the focus is, presses and types. What Tab does not reach within
/// a page's worth of presses, or what does not show its focus, fails the test.
/// </summary>
internal sealed class KeyboardHand(IPage page)
{
    private const int MostTabs = 150;

    public async Task ReachAsync(ILocator target)
    {
        await Expect(target).ToBeVisibleAsync();
        await Expect(target).ToBeEnabledAsync();
        for (var tabs = 0; !await HasFocusAsync(target); tabs++)
        {
            Assert.True(tabs < MostTabs, $"{target} is not reached by Tab.");
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.True(
            await target.EvaluateAsync<bool>("e => { const s = getComputedStyle(e); return e.matches(':focus-visible') && (s.outlineStyle !== 'none' || s.boxShadow !== 'none'); }"),
            $"{target} does not show that it has the focus.");
    }

    public async Task PressAsync(ILocator target, string key = "Enter")
    {
        await ReachAsync(target);
        await page.Keyboard.PressAsync(key);
    }

    public async Task TypeAsync(ILocator target, string text)
    {
        await ReachAsync(target);
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync(text);
        await Expect(target).ToHaveValueAsync(text);
    }

    /// <summary>Chooses the first option of a select that says so.</summary>
    public async Task ChooseAsync(ILocator select, string option)
    {
        await ReachAsync(select);
        var options = await select.Locator("option").CountAsync();
        for (var step = 0; !(await select.Locator("option:checked").InnerTextAsync()).Contains(option, StringComparison.Ordinal); step++)
        {
            Assert.True(step < options, $"{select} offers no {option}.");
            await page.Keyboard.PressAsync("ArrowDown");
        }
    }

    private static Task<bool> HasFocusAsync(ILocator target) => target.EvaluateAsync<bool>("e => e === document.activeElement");
}
