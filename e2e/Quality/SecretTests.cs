using System.Text;
using Microsoft.Playwright;

namespace Portal.EndToEnd.Quality;

/// <summary>A password that was once typed is never seen again: not in a page, a frame, an answer, the log or, in clear, on the disk.</summary>
[Collection(LivePortal.Name)]
public class SecretTests(LivePortal portal, QualityTable table)
{
    [Fact]
    public async Task StoredPassword_LookedForEverywhere_IsNowhere()
    {
        const string Secret = LivePortal.ConnectorPassword;
        var hits = new List<string>();
        var traffic = new Traffic();
        var page = await portal.PageAsync();
        traffic.Follow(page);
        await LivePortal.GoAsync(page, "connections");
        var connection = await HrefAsync(page, "a[href^='/connections/resource-']");
        await LivePortal.GoAsync(page, "tasks");
        var task = await HrefAsync(page, "a[href^='/tasks/task-']");

        string[] pages = ["connections", connection, $"{connection}/settings", "clusters", task, $"{task}/clients", $"{task}/events", $"{task}/settings", $"{task}/edit", "operations"];
        foreach (var path in pages)
        {
            await LivePortal.GoAsync(page, path);
            if ((await page.ContentAsync()).Contains(Secret, StringComparison.Ordinal))
            {
                hits.Add($"page {path}");
            }
        }

        string[] answers = ["connections", connection, "mqtt-clusters", "kafka-instances", "tasks", task, $"{task}/events", "operations"];
        foreach (var path in answers)
        {
            var answer = await page.APIRequest.GetAsync($"api/v1/{path}");
            Assert.True(answer.Status < 500, $"{path}: {answer.Status}");
            if ((await answer.TextAsync()).Contains(Secret, StringComparison.Ordinal))
            {
                hits.Add($"answer {path}");
            }
        }

        Assert.True(traffic.Updates.Count > 0, "No frame was seen; the test looks at nothing.");
        hits.AddRange(Enumerable.Repeat("frame", traffic.ReceivedWith(Secret)));
        hits.AddRange(portal.Server.Log.Where(line => line.Contains(Secret, StringComparison.Ordinal)).Select(line => $"log: {line}"));
        var sought = Encoding.UTF8.GetBytes(Secret);
        // Without the file that only tells a second server to keep out: nobody else may open it.
        foreach (var file in Directory.GetFiles(portal.Server.DataFolder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != ".lock"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
            if (bytes.AsSpan().IndexOf(sought) >= 0)
            {
                hits.Add($"file {Path.GetFileName(file)}");
            }
        }

        await page.Context.DisposeAsync();
        table.Add("Secrets", $"a stored password in {pages.Length} pages, {answers.Length} answers, frames, log, data folder", $"{hits.Count} hits", "0");
        Assert.Empty(hits);
    }

    private static async Task<string> HrefAsync(IPage page, string selector)
    {
        var link = page.Locator(selector).First;
        await link.WaitForAsync();
        return (await link.GetAttributeAsync("href"))!.TrimStart('/');
    }
}
