using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Sandbox.Mqtt;

namespace Portal.Tests.Sandbox.Mqtt;

/// <summary>An embedded broker on a free port that knows the user <c>tester</c>.</summary>
internal static class TestBroker
{
    public static Task<EmbeddedMqttBroker> StartAsync(TimeProvider? time = null, int maxPending = 100_000, ILogger? logger = null)
    {
        var users = new SandboxUsers();
        users.Set("tester", "secret");
        return EmbeddedMqttBroker.StartAsync(IPAddress.Loopback, 0, maxPending, users, time ?? TimeProvider.System, logger ?? NullLogger.Instance);
    }
}
