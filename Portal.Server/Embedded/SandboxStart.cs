using Portal.Sandbox;

namespace Portal.Server.Embedded;

/// <summary>
/// Starts the embedded brokers, registers them, and lets the devices publish: in this order, since nobody can sign in to a broker without
/// users.
/// </summary>
internal sealed partial class SandboxStart(
    EmbeddedSandbox sandbox, SandboxUserBook users, SandboxRegistration registration, ILogger<SandboxStart> logger)
{
    /// <exception cref="StartRefusedException">With the setting and the cause.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!sandbox.Enabled)
        {
            Log.SandboxOff(logger);
            return;
        }

        await users.LoadAsync(cancellationToken);
        try
        {
            await sandbox.StartAsync();
        }
        catch (PortInUseException cause)
        {
            throw new StartRefusedException(cause.Message, cause);
        }

        await registration.RunAsync(cancellationToken);
        var (name, password) = await users.DevicesAsync(cancellationToken);
        await sandbox.StartDevicesAsync(name, password);
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.SandboxOff, LogLevel.Information, "The sandbox is switched off (Sandbox:Enabled)")]
        public static partial void SandboxOff(ILogger logger);
    }
}
