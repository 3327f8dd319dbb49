using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Tells of every connection what the test says happened.</summary>
internal sealed class FakeConnectionHistory : IConnectionHistory
{
    /// <summary>Newest first.</summary>
    public List<ConnectionCheck> Checks { get; } = [];

    /// <summary>Newest first.</summary>
    public List<ConnectionEvent> Events { get; } = [];

    public ClusterSignIn? SignIn { get; set; }

    /// <summary>While set, everything fails with it.</summary>
    public Exception? Failure { get; set; }

    public Task<IReadOnlyList<ConnectionCheck>?> ChecksAsync(string id, int count, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<ConnectionCheck>?>([.. Checks.Take(count)]);

    public Task<IReadOnlyList<ConnectionEvent>?> EventsAsync(string id, int count, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<ConnectionEvent>?>([.. Events.Take(count)]);

    public Task<ClusterSignIn?> LastSignInAsync(string mqttClusterId, CancellationToken cancellationToken) => Answer(SignIn);

    private Task<T> Answer<T>(T answer) => Failure is null ? Task.FromResult(answer) : Task.FromException<T>(Failure);
}
