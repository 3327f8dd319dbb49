namespace Portal.Sandbox;

/// <summary>Work that is under way, so that whoever started it can wait for its end.</summary>
internal sealed class TaskSet
{
    private readonly HashSet<Task> _running = [];

    public void Run(Func<Task> work)
    {
        var task = Task.Run(work);
        lock (_running)
        {
            _running.Add(task);
        }

        task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async Task WhenEmptyAsync()
    {
        while (true)
        {
            Task[] running;
            lock (_running)
            {
                running = [.. _running];
            }

            if (running.Length == 0)
            {
                return;
            }

            await Task.WhenAll(running);
        }
    }

    private void Forget(Task task)
    {
        lock (_running)
        {
            _running.Remove(task);
        }
    }
}
