using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Portal.Client.Contracts;
using Portal.Server.Security;

namespace Portal.Server.Clusters;

/// <summary>A test that came to its end.</summary>
/// <param name="Asked">When it began: what is changed after that outdates it.</param>
/// <param name="At">When it ended.</param>
/// <param name="Report">What it found.</param>
internal sealed record FinishedTest(DateTimeOffset Asked, DateTimeOffset At, ValidationReport Report);

/// <summary>
/// The last test that each person saw pass, so that saving the same form right after it needs no second one. Known to the server alone, since a
/// browser may claim anything; in memory, since a restart only costs another test.
/// </summary>
internal sealed class PassedTests(TimeProvider time)
{
    /// <summary>How long it counts: as long as one looks at it before pressing the button, and no password is changed meanwhile unnoticed for long.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string UserId, Type Of), (string Fingerprint, FinishedTest Test)> _last = new();

    /// <param name="actor">Who ordered it; what the server itself tests is not kept.</param>
    /// <param name="spec">What was tested, as the engine got it.</param>
    /// <param name="asked">When it began.</param>
    /// <param name="report">What it found; one that did not pass is not kept.</param>
    public void Keep(Actor actor, object spec, DateTimeOffset asked, ValidationReport report)
    {
        if (report is { Finished: true, Passed: true } && actor.UserId is { } user)
        {
            _last[(user, spec.GetType())] = (Fingerprint(spec), new FinishedTest(asked, time.GetUtcNow(), report));
        }
    }

    /// <summary>The test of exactly this that the same person saw pass a moment ago, or null.</summary>
    public FinishedTest? Find(Actor actor, object spec) =>
        actor.UserId is { } user && _last.TryGetValue((user, spec.GetType()), out var last)
        && time.GetUtcNow() - last.Test.Asked < Fresh && last.Fingerprint == Fingerprint(spec)
            ? last.Test
            : null;

    // Hashed, since it holds passwords: they stay in memory no longer than a test needs them.
    private static string Fingerprint(object spec) => Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(spec, spec.GetType())));
}
