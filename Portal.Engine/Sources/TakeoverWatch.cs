using Portal.Engine.Sources.Wire;
using Portal.Engine.Specs;

namespace Portal.Engine.Sources;

/// <summary>Whether somebody else uses the client id: each takes the session over from the other, for ever. Not thread-safe.</summary>
internal sealed class TakeoverWatch(TaskClientSetup setup, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(10);

    private readonly bool _isTold = setup.Source.Broker.Protocol == MqttProtocol.V5;
    private DateTimeOffset? _at;
    private int _times;

    /// <summary>Whether it happens now, or on MQTT 3.1.1 seems to.</summary>
    public bool IsContested => IsRepeated && time.GetUtcNow() - _at < Period;

    // What MQTT 5 says needs one repetition, what is guessed from a pattern one more.
    private bool IsRepeated => _times > (_isTold ? 1 : 2);

    /// <summary>Looks at the end of a session.</summary>
    /// <returns>What it adds to the reason, in words; null when nothing.</returns>
    public string? Look(SessionEnd end, TimeSpan lived)
    {
        // On MQTT 3.1.1 a broker closes without a word: what remains is that it let the client in, and soon after cut it off.
        // One that lived longer says nothing for or against it: in such a fight a session lives as long as the other program waits.
        if (_isTold ? end.ReasonCode != SessionEnd.SessionTakenOver : end.Kind != SessionEndKind.Lost || lived >= Early)
        {
            return null;
        }

        var now = time.GetUtcNow();
        _times = now - _at < Period ? _times + 1 : 1;
        _at = now;
        return !IsRepeated ? null
            : _isTold ? $"This was the {Ordinal} time within a minute: another program uses the client id {setup.ClientId}. Stop it, or look for a second "
                + "server that runs the same task."
            : $"This was the {Ordinal} time within minutes that it was let in and cut off within {Early.TotalSeconds:0} s. MQTT 3.1.1 tells no reason; "
                + $"a likely one is that another program uses the client id {setup.ClientId} too. Look for a second server that runs the same task, and into "
                + "the broker's log.";
    }

    /// <summary>An attempt failed: whoever takes a session over leaves a broker that lets this client in again.</summary>
    public void Forget()
    {
        if (!_isTold)
        {
            _times = 0;
        }
    }

    private string Ordinal => _times switch
    {
        2 => "second",
        3 => "third",
        _ => $"{_times}th",
    };
}
