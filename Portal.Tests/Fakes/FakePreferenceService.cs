using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>The preferences of one person, in memory.</summary>
internal sealed class FakePreferenceService : IPreferenceService
{
    public UserPreferences Stored { get; set; } = new();

    public CommandResult Answer { get; set; } = CommandResult.Accepted();

    /// <summary>Why they cannot be read, or null.</summary>
    public Exception? Failure { get; set; }

    public Task<UserPreferences> ReadAsync(CancellationToken cancellationToken) =>
        Failure is { } failure ? Task.FromException<UserPreferences>(failure) : Task.FromResult(Stored);

    public Task<CommandResult> SaveAsync(UserPreferences preferences, CancellationToken cancellationToken)
    {
        Stored = Answer.IsAccepted ? preferences : Stored;
        return Task.FromResult(Answer);
    }
}
