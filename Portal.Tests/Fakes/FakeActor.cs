using Portal.Server.Security;

namespace Portal.Tests.Fakes;

/// <summary>Whoever the test says.</summary>
internal sealed class FakeActor(Actor? who) : IActor
{
    public Actor? Who { get; set; } = who;

    public ValueTask<Actor?> FindAsync() => ValueTask.FromResult(Who);
}
