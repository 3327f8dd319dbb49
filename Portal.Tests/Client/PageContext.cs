using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Client;
using Portal.Client.Contracts;
using Portal.Tests.Fakes;

namespace Portal.Tests.Client;

/// <summary>Everything that a page asks for: services of the test's, a clock that the test holds, a browser that says yes to everything.</summary>
public abstract class PageContext : BunitContext
{
    protected static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 0, 0, TimeSpan.Zero);

    protected PageContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        User = AddAuthorization();
        User.SetAuthorized("operator").SetRoles(Roles.Administrator);
        Services.AddPortalClient();
        Services.AddSingleton<TimeProvider>(Clock);
        Services.AddSingleton<IConnectorTaskService>(Tasks);
        Services.AddSingleton<ITaskRecovery>(Tasks);
        Services.AddSingleton<IOwedSessions>(Tasks);
        Services.AddSingleton<IConnectionService>(Connections);
        Services.AddSingleton<IConnectionHistory>(ConnectionHistory);
        Services.AddSingleton<IClusterService>(Clusters);
        Services.AddSingleton<ITopicService>(Topics);
        Services.AddSingleton<IDeadLetterService>(DeadLetters);
        Services.AddSingleton<IOperationService>(Operations);
        Services.AddSingleton<IBulkService>(Bulk);
        Services.AddSingleton<IClientService>(Clients);
        Services.AddSingleton<IPreferenceService>(Preferences);
        Services.AddSingleton<ILiveFeed>(Feed);
        Services.AddSingleton<IDraftService>(Drafts);
        Services.AddSingleton<ISamplingService>(Sampling);
        History = new FakeHistoryService(Clock);
        TaskEvents = new FakeTaskEventService(Tasks);
        Services.AddSingleton<IHistoryService>(History);
        Services.AddSingleton<ITaskEventService>(TaskEvents);
        Services.AddSingleton<IOverviewService>(Overview);
        Services.AddSingleton<IRevisionService>(Revisions);
    }

    internal FakeConnectorTaskService Tasks { get; } = new();

    internal FakeConnectionService Connections { get; } = new();

    internal FakeConnectionHistory ConnectionHistory { get; } = new();

    internal FakeClusterService Clusters { get; } = new();

    internal FakeTopicService Topics { get; } = new();

    internal FakeDeadLetterService DeadLetters { get; } = new();

    internal FakeOperationService Operations { get; } = new();

    internal FakeBulkService Bulk { get; } = new();

    internal FakeClientService Clients { get; } = new();

    internal FakePreferenceService Preferences { get; } = new();

    internal FakeDraftService Drafts { get; } = new();

    internal FakeSamplingService Sampling { get; } = new();

    internal FakeLiveFeed Feed { get; } = new();

    internal FakeHistoryService History { get; }

    internal FakeOverviewService Overview { get; } = new();

    internal FakeRevisionService Revisions { get; } = new();

    internal FakeTaskEventService TaskEvents { get; }

    protected BunitAuthorizationContext User { get; }

    protected FakeTimeProvider Clock { get; } = new(Now);

    protected BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    /// <summary>Every cell that was patched, as <c>key=text</c>, oldest first.</summary>
    protected IEnumerable<string> Patched => JSInterop.Invocations
        .Where(call => call.Identifier == "portal.patch")
        .SelectMany(call => (List<object?[]>)call.Arguments[0]!)
        .Select(cell => $"{cell[0]}={cell[1]}");
}
