using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks.Reconciling;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Live.Roster;

namespace Portal.Server.Operations.Items;

/// <summary>How one item ended.</summary>
internal readonly record struct ItemResult(OperationState State, string? Text);

/// <summary>Restarts one task and waits until it is seen to run.</summary>
internal sealed class TaskRestart(TaskSpecs specs, TaskReconciler reconciler, TaskRoster roster, IPipelineSupervisor supervisor, TimeProvider time)
{
    /// <summary>How long a task may take until it runs; a drain alone may take half of it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <param name="taskId">The task to restart.</param>
    /// <param name="onlyVerify">Whether it has been started anew already, by the server's own restart.</param>
    /// <param name="cancellationToken">Ends the wait, not the restart.</param>
    public async Task<ItemResult> RunAsync(string taskId, bool onlyVerify, CancellationToken cancellationToken)
    {
        switch (await specs.FindAsync(taskId, cancellationToken))
        {
            case null or { DeletingSince: not null }:
                return new ItemResult(OperationState.Cancelled, "Deleted meanwhile.");
            case { Asked: AskedState.Paused }:
                return new ItemResult(OperationState.Cancelled, "Paused meanwhile; it takes the settings of now when it is resumed.");
        }

        // What runs after a restart that was not carried out is somebody else's run, with the settings of before.
        var other = onlyVerify || await reconciler.RestartAsync(taskId).WaitAsync(cancellationToken) ? null : supervisor.Find(taskId)?.RunId;
        return await VerifiedAsync(taskId, other, cancellationToken);
    }

    /// <summary>Waits until a task is seen to run, by another run than this one.</summary>
    public async Task<ItemResult> VerifiedAsync(string taskId, Guid? other, CancellationToken cancellationToken)
    {
        // One that runs on after a former way back is as good as any other.
        var givenUpBefore = roster.Find(taskId)?.GivenUp;
        for (var began = time.GetTimestamp(); ;)
        {
            var photo = supervisor.Find(taskId);
            var line = roster.Find(taskId);
            var trouble = line?.Trouble;
            switch (photo)
            {
                case { } when photo.RunId != other && trouble is not null && line?.GivenUp is { } tried && !ReferenceEquals(tried, givenUpBefore):
                    // What runs, or soon will, is what ran before.
                    return new ItemResult(OperationState.Failed, trouble.Text);
                case { Status: PipelineStatus.Running } when photo.RunId != other:
                    return new ItemResult(OperationState.Succeeded, null);
                case { Status: PipelineStatus.Degraded } when photo.RunId != other:
                    return new ItemResult(OperationState.Succeeded, $"Runs, but degraded: {photo.Cause}");
                case { Status: PipelineStatus.Failed } when photo.RunId != other && line is not { Former: not null }:
                    return new ItemResult(OperationState.Failed, photo.Cause ?? "It failed.");
                case null or { } when trouble is { NeedsYou: true }:
                    return new ItemResult(OperationState.Failed, trouble.Text);
            }

            if (time.GetElapsedTime(began) >= Patience)
            {
                return new ItemResult(OperationState.Failed, $"Not running after {Patience.TotalSeconds:0} s: {photo?.Cause ?? trouble?.Text ?? "its clients are still connecting."} It goes on trying by itself.");
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }
}
