using Portal.Engine.Pipelines;
using Portal.Engine.Specs;

namespace Portal.Engine.Sources;

/// <summary>What one client is made from.</summary>
/// <param name="Ordinal">Its place among the pipeline's clients, for tokens.</param>
/// <param name="Index">Its index in the task.</param>
/// <param name="ClientId">Its MQTT client id.</param>
/// <param name="Source">Where to connect and what to subscribe.</param>
/// <param name="Delivery">How patient it is.</param>
/// <param name="Subscribes">False for a client that only takes in what an old session still holds.</param>
internal sealed record TaskClientSetup(int Ordinal, int Index, string ClientId, SourceSpec Source, DeliverySpec Delivery, bool Subscribes);

/// <summary>How long a soft stop may take, step by step.</summary>
/// <param name="Reach">To reach the broker, when a session must be ended and none is open.</param>
/// <param name="Finish">To finish what is open.</param>
/// <param name="Quiet">How long nothing must have come in before a session is ended.</param>
internal sealed record DrainLimits(TimeSpan Reach, TimeSpan Finish, TimeSpan Quiet)
{
    public static DrainLimits For(DeliverySpec delivery) => new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), delivery.DrainQuiet);
}

/// <summary>Told what happens to a client. Called on any thread, outside of locks; must not wait.</summary>
internal interface ITaskClientObserver
{
    /// <summary>Something that the pipeline's status depends on changed.</summary>
    void OnClientChanged();

    /// <summary>Something worth a line in the task's log happened.</summary>
    void OnClientFact(FactSeverity severity, string text);

    /// <summary>An invariant is broken: the pipeline cannot go on.</summary>
    void OnClientFault(Exception exception);
}
