using System.Text;
using Microsoft.Playwright;

namespace Portal.EndToEnd.Quality;

/// <summary>What a page's circuit sent and was sent over its WebSocket.</summary>
public sealed class Traffic
{
    /// <summary>A keep-alive of SignalR has three bytes, an acknowledgement a few more; what changes a page has more.</summary>
    private const int SmallestUpdate = 40;

    private readonly Lock _lock = new();
    private readonly List<byte[]> _received = [];
    private readonly List<byte[]> _sent = [];

    /// <summary>To be called before the page goes anywhere.</summary>
    public void Follow(IPage page) => page.WebSocket += (_, socket) =>
    {
        socket.FrameReceived += (_, frame) => Keep(_received, frame);
        socket.FrameSent += (_, frame) => Keep(_sent, frame);
    };

    /// <summary>The bytes of each update so far.</summary>
    public IReadOnlyList<int> Updates
    {
        get
        {
            lock (_lock)
            {
                return [.. _received.Select(frame => frame.Length).Where(length => length >= SmallestUpdate)];
            }
        }
    }

    /// <summary>Frames from the server that hold a text.</summary>
    public int ReceivedWith(string text)
    {
        var sought = Encoding.UTF8.GetBytes(text);
        return Count(_received, frame => frame.AsSpan().IndexOf(sought) >= 0);
    }

    private int Count(List<byte[]> frames, Func<byte[], bool> counts)
    {
        lock (_lock)
        {
            return frames.Count(counts);
        }
    }

    private void Keep(List<byte[]> frames, IWebSocketFrame frame)
    {
        var bytes = frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? "");
        lock (_lock)
        {
            frames.Add(bytes);
        }
    }
}
