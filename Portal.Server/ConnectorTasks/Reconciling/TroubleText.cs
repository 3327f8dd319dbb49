using System.Data.Common;
using System.Security.Cryptography;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>What a failure of the server itself means for a task, in words.</summary>
internal static class TroubleText
{
    public static string Of(Exception failure) => failure switch
    {
        CryptographicException => "A stored password or key cannot be read: the keys in the data folder are not those it was stored with. Edit the connection and the Kafka instance and enter their secrets again.",
        DbException => $"The database could not be read or written: {failure.Message} Check the disk of the data folder.",
        _ => $"The server failed unexpectedly: {failure.Message} Restart the task; if it happens again, report it with the server's log.",
    };
}
