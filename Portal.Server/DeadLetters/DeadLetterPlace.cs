using System.Security.Cryptography;
using Portal.Client.Contracts;
using Portal.Engine.Specs;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data.Entities;

namespace Portal.Server.DeadLetters;

/// <summary>Where the dead letters of a task are, and what it would do with them now.</summary>
/// <param name="Task">The task.</param>
/// <param name="Spec">What its settings of now ask for, secrets included.</param>
/// <param name="Topic">Its dead-letter topic.</param>
internal sealed record DeadLetterPlace(ConnectorTask Task, PipelineSpec Spec, string Topic);

/// <summary>Finds it.</summary>
internal sealed class DeadLetterPlaces(TaskSpecs specs)
{
    /// <summary>The place, or why there is none.</summary>
    public async Task<(DeadLetterPlace? Place, CommandResult? Refusal)> FindAsync(string taskId, CancellationToken cancellationToken)
    {
        if (await specs.FindAsync(taskId, cancellationToken) is not { } task)
        {
            return (null, CommandResult.Not(CommandOutcome.NotFound, "This task was deleted, or never was."));
        }

        // Also when the task has another policy now: the letters of before are still there.
        var topic = PipelineSpecCompiler.DeadLetterTopic(task.Settings with { OnFailure = FailurePolicyKind.DeadLetter })!;
        try
        {
            return (new DeadLetterPlace(task, specs.Compile(task).Spec, topic), null);
        }
        catch (CryptographicException)
        {
            return (null, CommandResult.Not(
                CommandOutcome.Refused, "A stored password or key of this task's connection or Kafka instance cannot be read any more. Enter it again there."));
        }
    }
}
